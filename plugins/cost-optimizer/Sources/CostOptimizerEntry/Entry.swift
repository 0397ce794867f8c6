public import CarillonPlugin
import CostOptimizer

@c(carillon_plugin_entry_v1)
public func entry() -> PluginEntry.Descriptor { PluginEntry.make(CostOptimizerPlugin.self) }
