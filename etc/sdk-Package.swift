// swift-tools-version: 6.2
import PackageDescription

/// The plugin SDK of an installed Carillon: what a plugin in Swift depends on, and nothing else of it.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
  name: "carillon",
  products: [
    .library(name: "CCarillonPlugin", targets: ["CCarillonPlugin"]),
    .library(name: "CarillonPlugin", targets: ["CarillonPlugin"]),
    .library(name: "CarillonPluginTesting", targets: ["CarillonPluginTesting"]),
  ],
  targets: [
    .target(name: "CCarillonPlugin"),
    .target(name: "CarillonPlugin", dependencies: ["CCarillonPlugin"], swiftSettings: settings),
    .target(
      name: "CarillonPluginTesting", dependencies: ["CarillonPlugin", "CCarillonPlugin"], swiftSettings: settings),
  ]
)
