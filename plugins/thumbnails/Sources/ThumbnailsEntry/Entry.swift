public import CarillonPlugin
import Thumbnails

@c(carillon_plugin_entry_v1)
public func entry() -> PluginEntry.Descriptor { PluginEntry.make(ThumbnailsPlugin.self) }
