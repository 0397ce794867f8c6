import AWSClient
import AWSTestServers
import NIOCore
import Synchronization
import Testing

@testable import Thumbnails

/// What another puts at an output's place between the look and the write, scripted.
@Suite struct S3DestinationTests {
  /// A store of one object that keeps to conditions. `loses`: how many answers to puts are lost.
  private final class Store: Sendable {
    struct State {
      var bytes: [UInt8]?
      var eTag = ""
      var puts = 0
      var loses = 0
      var knowsConditions = true
    }

    let state = Mutex(State())

    func put(_ bytes: [UInt8], _ eTag: String) { state.withLock { ($0.bytes, $0.eTag) = (bytes, eTag) } }

    func answer(_ request: ScriptedRequest) -> ScriptedReply {
      state.withLock { state in
        if request.method != "PUT" {
          guard let bytes = state.bytes else { return Self.error(404, "NoSuchKey") }
          var reply = ScriptedReply(206, headers: [("etag", state.eTag)])
          reply.bytes = bytes
          return reply
        }
        let (match, absent) = (request.header("if-match"), request.header("if-none-match"))
        if !state.knowsConditions, match != nil || absent != nil { return Self.error(501, "NotImplemented") }
        if match != nil, state.bytes == nil { return Self.error(404, "NoSuchKey") }
        if let match, match != state.eTag { return Self.error(412, "PreconditionFailed") }
        if absent != nil, state.bytes != nil { return Self.error(412, "PreconditionFailed") }
        state.puts += 1
        (state.bytes, state.eTag) = (Array(buffer: request.body), "\"put\(state.puts)\"")
        state.loses -= 1
        return state.loses >= 0 ? ScriptedReply(isDropped: true) : ScriptedReply(headers: [("etag", state.eTag)])
      }
    }

    private static func error(_ status: Int, _ code: String) -> ScriptedReply {
      ScriptedReply(status, body: "<Error><Code>\(code)</Code></Error>")
    }
  }

  private func run(_ body: (S3Destination, Store) async throws -> Void) async throws {
    let store = Store()
    try await ScriptedServer.run({ request, _ in store.answer(request) }) { server in
      var settings = AWSSettings()
      (settings.endpoint, settings.accessKeyId, settings.secretAccessKey) = (server.url, "AK", "S")
      let connection = AWSConnection(settings)
      try await body(S3Destination(try connection.s3(), bucket: "b", prefix: "", processedBy: "test"), store)
      _ = connection
    }
  }

  /// The beginning of a JPEG with a stamp.
  private func jpeg(_ size: Int64) -> [UInt8] {
    let text = Array(Stamp(source: SourceFile(path: "x", size: size, modifiedUs: 1), recipe: "r").text.utf8)
    return [0xFF, 0xD8, 0xFF, 0xFE, 0, UInt8(text.count + 2)] + text
  }

  @Test func whatAnotherHasPutMeanwhileStays() async throws {
    try await run { destination, store in
      let absent = try await destination.look(at: "k")
      #expect(absent == OutputPlace(.absent))
      store.put(Array("theirs".utf8), "\"t1\"")
      await #expect(throws: ThumbnailsError.self) {
        try await destination.write([Output(key: "k", bytes: jpeg(1), over: absent)])
      }
      let seen = try await destination.look(at: "k")
      #expect(seen == OutputPlace(.foreign, eTag: "\"t1\""))
      store.put(Array("theirs again".utf8), "\"t2\"")
      await #expect(throws: ThumbnailsError.self) {
        try await destination.write([Output(key: "k", bytes: jpeg(1), over: seen)])
      }
      #expect(store.state.withLock { $0.bytes } == Array("theirs again".utf8))
      // What was seen last may be replaced.
      try await destination.write([Output(key: "k", bytes: jpeg(1), over: try await destination.look(at: "k"))])
      #expect(store.state.withLock { $0.puts } == 1)
      // What is gone since is not made anew over nothing that was seen.
      store.state.withLock { $0.bytes = nil }
      await #expect(throws: ThumbnailsError.self) {
        try await destination.write([Output(key: "k", bytes: jpeg(1), over: seen)])
      }
    }
  }

  /// Written, and the answer lost: the second attempt finds its own bytes in its way.
  @Test func aLostAnswerIsNotTakenForAnother() async throws {
    try await run { destination, store in
      store.state.withLock { $0.loses = 1 }
      try await destination.write([Output(key: "k", bytes: jpeg(1), over: OutputPlace(.absent))])
      #expect(store.state.withLock { $0.puts } == 1)
      // Those of another source are another's.
      await #expect(throws: ThumbnailsError.self) {
        try await destination.write([Output(key: "k", bytes: jpeg(2), over: OutputPlace(.absent))])
      }
    }
  }

  @Test func storesWithoutConditionsAreWrittenTo() async throws {
    try await run { destination, store in
      store.state.withLock { $0.knowsConditions = false }
      try await destination.write([Output(key: "k", bytes: jpeg(1), over: OutputPlace(.absent))])
      #expect(store.state.withLock { $0.puts } == 1)
    }
  }
}
