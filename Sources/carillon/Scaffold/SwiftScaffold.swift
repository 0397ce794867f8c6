/// A plugin as a Swift package.
enum SwiftScaffold {
  static func files(_ name: String, package: String) -> [Scaffold.File] {
    let type = name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() + "Plugin"
    return [
      Scaffold.File(path: "Package.swift", text: manifest(name, type, package)),
      Scaffold.File(path: "Sources/\(type)/\(type).swift", text: source(name, type)),
      Scaffold.File(path: "Sources/\(type)Entry/Entry.swift", text: entry(type)),
      Scaffold.File(path: "Tests/\(type)Tests/\(type)Tests.swift", text: tests(type)),
      Scaffold.File(path: "jobs/\(name).yaml", text: job(name)),
      Scaffold.File(path: ".gitignore", text: ".build/\n"),
      Scaffold.readme(
        name, .swift,
        next: """
          `Sources/\(type)` is the plugin: `discover` names the items, `process` does one. `swift test` runs it without a host.
          """),
    ]
  }

  private static func job(_ name: String) -> String {
    """
    name: \(name)
    summary: Squares some numbers
    plugin: \(name)
    config:
      count: 5
    """ + "\n"
  }

  private static func manifest(_ name: String, _ type: String, _ package: String) -> String {
    """
    // swift-tools-version: 6.2
    import PackageDescription

    let package = Package(
      name: "\(name)",
      products: [
        // Builds lib\(name).so, which a job's `plugin: \(name)` names.
        .library(name: "\(name)", type: .dynamic, targets: ["\(type)Entry"])
      ],
      dependencies: [
        .package(name: "carillon", path: "\(package)")
      ],
      targets: [
        .target(name: "\(type)", dependencies: [.product(name: "CarillonPlugin", package: "carillon")]),
        // The exported symbol, in a target of its own: no test may link it twice.
        .target(
          name: "\(type)Entry",
          dependencies: ["\(type)", .product(name: "CarillonPlugin", package: "carillon")]),
        .testTarget(
          name: "\(type)Tests",
          dependencies: ["\(type)", .product(name: "CarillonPluginTesting", package: "carillon")]),
      ]
    )
    """ + "\n"
  }

  private static func source(_ name: String, _ type: String) -> String {
    """
    public import CarillonPlugin

    /// Squares the numbers from 1 to `count`.
    public struct \(type): Plugin {
      public struct Config: Codable, Sendable {
        var count: Int
      }

      public struct Number: Codable, Sendable {
        var value: Int
      }

      public static let manifest = Manifest(
        id: "\(name)", version: "0.1.0", summary: "Squares some numbers", maxInFlight: 16)

      public static func check(_ config: Config) -> [Diagnostic] {
        config.count > 0 ? [] : [.error("must be at least 1", at: "/count")]
      }

      let count: Int

      public init(config: Config) { count = config.count }

      /// Names the items. The same work should get the same key in every run.
      public func discover(_ run: RunContext, into sink: ItemSink<Number>) throws {
        for value in 1...count { try sink.emit(key: String(value), Number(value: value)) }
      }

      /// Does one item; many run at once. In a plan it only says what it would do.
      public func process(_ item: ItemContext<Number>) async throws -> Outcome {
        let square = item.value.value * item.value.value
        if item.run.isPlan { return .planned(effect: ["square": square]) }
        return .succeeded(output: ["square": square])
      }
    }
    """ + "\n"
  }

  private static func entry(_ type: String) -> String {
    """
    public import CarillonPlugin
    import \(type)

    @c(carillon_plugin_entry_v1)
    public func entry() -> PluginEntry.Descriptor { PluginEntry.make(\(type).self) }
    """ + "\n"
  }

  private static func tests(_ type: String) -> String {
    """
    import CarillonPluginTesting
    import Testing
    import \(type)

    @Suite struct \(type)Tests {
      private let config = #"{"count": 3}"#

      @Test func squares() async throws {
        let run = try await PluginHarness(\(type).self, config: config).run()
        #expect(run.items.map(\\.key) == ["1", "2", "3"])
        #expect(run.completion("3")?.output == #"{"square":9}"#)
      }
    }
    """ + "\n"
  }
}
