public import CarillonPlugin
import EmailDispatch

@c(carillon_plugin_entry_v1)
public func entry() -> PluginEntry.Descriptor { PluginEntry.make(EmailDispatchPlugin.self) }
