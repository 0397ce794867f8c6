public import CarillonPlugin
import Command

@c(carillon_plugin_entry_v1)
public func entry() -> PluginEntry.Descriptor { PluginEntry.make(CommandPlugin.self) }
