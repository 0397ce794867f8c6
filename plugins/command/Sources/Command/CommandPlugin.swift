package import CarillonPlugin

/// A command for a run, or for each of its items.
package struct CommandPlugin: Plugin {
  package static let manifest = Manifest(
    id: "command", version: "1.0.0", summary: "Runs a command, once a run or for each item",
    // One process watches over them all. More at once: more workers.
    maxInFlight: 16, workers: 1,
    // A backup takes as long as it takes; `timeout` in the configuration ends a command, and says so.
    itemTimeout: .zero)

  private let config: CommandConfig
  private let maker: LaunchMaker
  private let loop: ProcessLoop

  package static func check(_ config: CommandConfig) -> [Diagnostic] { config.diagnostics }

  package init(config: CommandConfig) throws {
    self.config = config
    maker = LaunchMaker(config)
    loop = try ProcessLoop()
  }

  package func discover(_ run: RunContext, into sink: ItemSink<RawPayload>) async throws {
    try await ItemDiscovery(config: config, loop: loop, run: run, sink: sink).name()
  }

  package func process(_ item: ItemContext<RawPayload>) async throws -> Outcome {
    do throws(CommandError) {
      return try await outcome(of: item)
    } catch {
      return error.isPermanent ? .failed(error.message) : .retry(error.message)
    }
  }

  private func outcome(of item: ItemContext<RawPayload>) async throws(CommandError) -> Outcome {
    var value: CommandItem?
    if let source = config.items { value = try CommandItem(item.value.bytes, isJSON: source.format == .ndjson) }
    let launch = try maker.launch(value, key: item.key, variables: variables(of: item))
    if item.run.isPlan { return .planned(effect: CommandEffect(launch)) }
    return try await CommandRun(config: config, loop: loop, log: item.log).outcome(of: launch)
  }

  private func variables(of item: ItemContext<RawPayload>) -> [String: String] {
    var variables = Environment.variables(of: item.run)
    variables["CARILLON_ITEM_KEY"] = item.key
    variables["CARILLON_ATTEMPT"] = String(item.attempt)
    variables["CARILLON_IDEMPOTENCY_KEY"] = item.idempotencyKey
    if let event = item.run.event, event.count <= LaunchMaker.maxVariableBytes {
      variables["CARILLON_EVENT"] = String(decoding: event, as: UTF8.self)
    }
    return variables
  }
}

/// What a plan says: what would be run, and as what.
struct CommandEffect: Encodable {
  var run: [String]
  var program: String
  var directory: String
  var user: String?
  var stdinBytes: Int?
  var stdinFile: String?

  private enum CodingKeys: String, CodingKey {
    case run, program, directory, user
    case stdinBytes = "stdin_bytes"
    case stdinFile = "stdin_file"
  }

  /// An effect holds 64 KiB; longer arguments are cut.
  private static let maxBytes = 16 * 1024

  init(_ launch: Launch) {
    var room = Self.maxBytes
    run = []
    for argument in launch.arguments {
      guard room > 0 else {
        run.append("…")
        break
      }
      run.append(String(decoding: argument.prefix(room), as: UTF8.self) + (argument.count > room ? "…" : ""))
      room -= argument.count
    }
    program = String(decoding: launch.path, as: UTF8.self)
    directory = launch.directory
    user = launch.account?.name
    switch launch.input {
    case .nothing: break
    case .bytes(let bytes): stdinBytes = bytes.count
    case .file(let path): stdinFile = path
    }
  }
}
