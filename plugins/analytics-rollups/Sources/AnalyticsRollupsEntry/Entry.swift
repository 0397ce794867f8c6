import AnalyticsRollups
public import CarillonPlugin

@c(carillon_plugin_entry_v1)
public func entry() -> PluginEntry.Descriptor { PluginEntry.make(AnalyticsRollupsPlugin.self) }
