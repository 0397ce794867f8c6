public import CarillonPlugin

/// Greets everybody on a list: one item for each name.
public struct HelloSwift: Plugin {
  public struct Config: Codable, Sendable {
    var names: [String]
    var greeting: String?
  }

  public struct Greeting: Codable, Sendable {
    var name: String
  }

  public static let manifest = Manifest(
    id: "hello-swift", version: "1.0.0", summary: "Greets everybody on a list", maxInFlight: 16)

  let greeting: String
  let names: [String]

  public static func check(_ config: Config) -> [Diagnostic] {
    config.names.isEmpty ? [.warning("greets nobody", at: "/names")] : []
  }

  public init(config: Config) {
    greeting = config.greeting ?? "Hello"
    names = config.names
  }

  public func discover(_ run: RunContext, into sink: ItemSink<Greeting>) throws {
    for name in names { try sink.emit(key: name, Greeting(name: name)) }
  }

  public func process(_ item: ItemContext<Greeting>) async throws -> Outcome {
    let text = "\(greeting), \(item.value.name)!"
    if item.run.isPlan { return .planned(effect: ["say": text]) }
    item.log.info(text)
    return .succeeded(output: ["said": text])
  }
}
