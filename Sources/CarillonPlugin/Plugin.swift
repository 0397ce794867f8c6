/// A plugin: the author's struct or actor that names items of work and does them.
///
/// One value lives for one configuration in one process. Its calls come from the concurrency pool, never from the main
/// actor: the main thread belongs to the host and waits while `discover` and `finish` run, so `@MainActor` code would
/// never be reached. Nothing may be written to standard output; use the contexts' `log`.
public protocol Plugin: Sendable {
  /// The typed form of the job's `config`. JSON as `Decodable` reads it; dates are ISO 8601 text.
  associatedtype Config: Decodable & Sendable

  /// The payload of an item, kept as JSON between discovery and processing. `RawPayload` keeps bytes and costs no JSON.
  associatedtype Item: Codable & Sendable

  /// Id, version and limits. Read once, before any value exists.
  static var manifest: Manifest { get }

  /// Findings about a configuration that decoded well, without side effects. Return all of them; none by default. What
  /// cannot be decoded, and keys nobody asked for, are reported by the SDK before this is called.
  static func check(_ config: Config) -> [Diagnostic]

  /// Makes the value. A thrown error stops the worker, with its message as the reason.
  init(config: Config) throws

  /// Names the items of a run. A thrown error means: tried again from the last checkpoint. Cancellation arrives as task
  /// cancellation.
  func discover(_ run: RunContext, into sink: ItemSink<Item>) async throws

  /// Does one item. Called for up to `Manifest.maxInFlight` items at once. A thrown error becomes `.retry` with its whole
  /// message, `PermanentError` becomes `.failed`. In plan mode (`item.run.isPlan`) it describes effects and does none.
  func process(_ item: ItemContext<Item>) async throws -> Outcome

  /// Looks back on a run whose items are all finished. Nothing by default. A thrown error is logged with the run and changes
  /// no item.
  func finish(_ summary: RunSummary) async throws
}

extension Plugin {
  public static func check(_ config: Config) -> [Diagnostic] { [] }

  public func finish(_ summary: RunSummary) async throws {}
}

/// The configuration of a plugin that has none: `{}`, any key in it is reported.
public struct NoConfig: Codable, Hashable, Sendable {
  private enum CodingKeys: CodingKey {}

  public init() {}

  public init(from decoder: any Decoder) throws {
    _ = try decoder.container(keyedBy: CodingKeys.self)
  }
}
