import Testing

@testable import ControlClient

@Suite struct ServerSentEventsTests {
  private static let text = ": c\nevent: a\ndata: 1\n\ndata:2\ndata: 3\n\nevent: empty\n\nid: 7\ndata\r\n\r\ndata: ü\r\r"
  private static let events = [
    ServerSentEvents.Event(name: "a", data: "1"), ServerSentEvents.Event(name: "message", data: "2\n3"),
    ServerSentEvents.Event(name: "message", data: ""), ServerSentEvents.Event(name: "message", data: "ü"),
  ]

  /// Cut in two anywhere.
  @Test(arguments: 0...text.utf8.count) func a_cut_changes_nothing(_ place: Int) throws {
    let bytes = Array(Self.text.utf8)
    var parser = ServerSentEvents()
    #expect(try parser.take(bytes[..<place]) + parser.take(bytes[place...]) == Self.events)
  }

  @Test func an_event_without_its_empty_line_is_none() throws {
    var parser = ServerSentEvents()
    #expect(try parser.take("data: 1\n".utf8).isEmpty)
  }

  @Test func no_event_grows_without_bound() throws {
    var parser = ServerSentEvents()
    parser.maxBytes = 100
    #expect(try parser.take((String(repeating: "data: 1\n", count: 11) + "\n").utf8).count == 1)
    #expect(throws: ServerSentEvents.TooLong.self) { try parser.take(String(repeating: "data: 1\n", count: 99).utf8) }
  }
}
