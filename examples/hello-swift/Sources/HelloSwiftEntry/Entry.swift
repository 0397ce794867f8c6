public import CarillonPlugin
import HelloSwift

@c(carillon_plugin_entry_v1)
public func entry() -> PluginEntry.Descriptor { PluginEntry.make(HelloSwift.self) }
