public import CarillonPlugin
import S3Lifecycle

@c(carillon_plugin_entry_v1)
public func entry() -> PluginEntry.Descriptor { PluginEntry.make(S3LifecyclePlugin.self) }
