// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "hello-swift",
  products: [
    // Builds libhello_swift.so: what a job's `plugin` names.
    .library(name: "hello_swift", type: .dynamic, targets: ["HelloSwiftEntry"])
  ],
  dependencies: [
    .package(name: "carillon", path: "../..")
  ],
  targets: [
    // The plugin. Tests import it.
    .target(
      name: "HelloSwift", dependencies: [.product(name: "CarillonPlugin", package: "carillon")]),
    // The exported symbol, in a target of its own: no test may link it twice.
    .target(
      name: "HelloSwiftEntry",
      dependencies: ["HelloSwift", .product(name: "CarillonPlugin", package: "carillon")]),
    .testTarget(
      name: "HelloSwiftTests",
      dependencies: [
        "HelloSwift", .product(name: "CarillonPluginTesting", package: "carillon"),
      ]),
  ]
)
