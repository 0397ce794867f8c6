import ArgumentParser
import ControlAPI
import JobModel

/// Lists items of one or all runs.
struct ItemsList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List items in the order in which they were named.",
    usage: "carillon items [--run <run>] [--state <state>]... [--limit <n>] [--after <id>] [--json]",
    discussion: "\"carillon items show RUN KEY\" shows one.")

  @Option(help: "Only items of this run. Default: of all runs.")
  var run: String?

  @Option(
    help: ArgumentHelp(
      "Only items in this state; may be given several times.",
      discussion: ItemState.allCases.map(\.name).joined(separator: ", ")), completion: .list(ItemState.allCases.map(\.name)))
  var state: [String] = []

  @Option(help: "At most so many, 1 to 10000.")
  var limit = 50

  @Option(help: ArgumentHelp("Only items after this one: the next page.", valueName: "id"))
  var after: Int64?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard (1...10_000).contains(limit) else { throw ValidationError("--limit must be 1 to 10000, is \(limit)") }
    _ = try states()
  }

  private func states() throws -> [ItemState] {
    try state.map { name in
      guard let state = ItemState(name: name) else {
        let suggestion = ItemState.allCases.map(\.name).nearest(to: name).map { "; did you mean \"\($0)\"?" } ?? ""
        throw ValidationError("--state \"\(name)\" is no state of an item\(suggestion)")
      }
      return state
    }
  }

  func run() async throws {
    var request = ItemsRequest()
    request.run = run
    request.states = try states().map(\.name)
    request.after = after
    request.limit = limit
    let page = try await Installation(global).control().items(request)
    if global.json { return try global.console.print(json: page) }
    guard !page.items.isEmpty else {
      StandardStream.error.write("no items\(state.isEmpty ? "" : " in that state")\n")
      return
    }
    for line in table(page.items).lines(global.console) { try global.console.print(line) }
    if let next = page.next { StandardStream.error.write("more: --after \(next)\n") }
  }

  private func table(_ items: [ItemDocument]) -> Table {
    let showsRun = run == nil
    var table = Table(
      (showsRun ? [.init("RUN")] : []) + [
        .init("KEY", shrinks: true), .init("STATE"), .init("ATTEMPTS", isNumber: true), .init("TOOK", isNumber: true),
        .init("REASON", shrinks: true),
      ])
    for item in items {
      let stateColumn = showsRun ? 2 : 1
      table.add(
        (showsRun ? [item.run ?? ""] : []) + [
          item.key, item.state, String(item.attempts), item.durationS.map(Words.duration(seconds:)) ?? "", item.reason ?? "",
        ], colors: item.isFailure ? [stateColumn: .red] : item.itemState == .succeeded ? [stateColumn: .green] : [:])
    }
    return table
  }
}
