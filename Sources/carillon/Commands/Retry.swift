import ArgumentParser
import ControlAPI
import Engine
import JobFiles
import JobModel
import Store

/// Tries failed items again.
struct Retry: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Try a run's failed items again, here and now.",
    discussion: """
      They begin anew, with no attempts charged. With --edit the item's payload is opened in $VISUAL or $EDITOR first, and only \
      that item is tried again.
      """)

  @Argument(help: "The run: its id, a part of it, or \"last\".", completion: .runs)
  var run: String

  @Flag(help: "Every dead letter and poisoned item. The default.")
  var dead = false

  @Option(help: ArgumentHelp("Only the failed item of this key; may be given several times.", valueName: "key"))
  var item: [String] = []

  @Option(help: ArgumentHelp("Edit the payload of the failed item of this key, then try it again.", valueName: "key"))
  var edit: String?

  @Flag(name: .shortAndLong, help: "Print the run's log as it grows.")
  var follow = false

  @Flag(help: "Run it in this process even where a daemon listens.")
  var here = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if dead && (!item.isEmpty || edit != nil) { throw ValidationError("--dead means all; leave it out with --item or --edit") }
    if edit != nil && !item.isEmpty { throw ValidationError("--edit takes one item; leave --item out") }
  }

  func run() async throws {
    let installation = Installation(global)
    var request = RetryRequest(keys: item.isEmpty ? nil : item)
    if let edit {
      let control: any Control = here ? StoreControl(installation) : try installation.control()
      let found = try await control.item(run: run, key: edit).item
      guard found.isFailure else { throw notFailed(found.key, found.state) }
      request.keys = [edit]
      request.payloads = [
        edit: JSONOutput.value(String(decoding: try PayloadEditor.edit(found.payloadBytes), as: UTF8.self)) ?? ""
      ]
    }
    let (reference, chosen) = (run, request)
    try await RunSession(
      installation: installation, console: global.console, isJSON: global.json, follows: follow, isHere: here
    ).run { control in
      try await control.retry(reference, chosen)
    } embedded: { engine in
      let record = try await engine.store.run(reference: reference)
      guard !record.state.isFinal || record.state.allows(.queued) else {
        throw CommandError(.invalidData, "run \(record.id) is \(Words.state(record.state)): its items cannot be tried again")
      }
      for key in chosen.keys ?? [] {
        guard let detail = try await engine.store.item(run: record.number, key: key) else {
          throw CommandError(.notFound, "run \(record.id) has no item \"\(Words.printable(key))\"")
        }
        guard detail.item.state.isFailure else { throw notFailed(key, detail.item.state.name) }
      }
      guard record.counts.failed > 0 else {
        throw CommandError(.notFound, "run \(record.id) has no failed items")
      }
      var selection = RetrySelection(keys: chosen.keys, at: .systemNow())
      selection.payloads = (chosen.payloads ?? [:]).mapValues(\.payloadBytes)
      _ = try await engine.store.retryItems(run: record.number, selection)
      guard let now = try await engine.store.run(record.number) else {
        throw CommandError(.fault, "run \(record.id) is gone from the store")
      }
      return try await engine.resume(now)
    }
  }

  private func notFailed(_ key: String, _ state: String) -> CommandError {
    CommandError(.invalidData, "item \"\(Words.printable(key))\" is \(state): only a failed item can be tried again")
  }
}

extension ItemDocument {
  /// The payload as the plugin gets it.
  fileprivate var payloadBytes: [UInt8] { payload?.payloadBytes ?? [] }
}

extension JSONValue {
  /// As a payload: JSON as it is, a string as its text.
  fileprivate var payloadBytes: [UInt8] {
    if case .string(let text) = self { Array(text.utf8) } else { canonicalJSON() }
  }
}
