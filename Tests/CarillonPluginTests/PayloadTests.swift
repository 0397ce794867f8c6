import CarillonPluginTesting
import Testing

@testable import CarillonPlugin

@Suite struct PayloadTests {
  private struct Point: Codable, Sendable, Equatable {
    var x: Int
    var y: Int?
  }

  /// Any JSON value.
  private struct Anything: Codable, Sendable {
    init(from decoder: any Decoder) {}
    func encode(to encoder: any Encoder) {}
  }

  @Test func aBadPayloadFailsAloneAndForGood() async throws {
    let harness = Work<Point>(process: { .succeeded(output: $0.value) }).harness()
    harness.add([
      TestItem(key: "good", payload: #"{"x":1}"#),
      TestItem(key: "type", payload: #"{"x":"one"}"#),
      TestItem(key: "syntax", payload: #"{"x":1"#),
      TestItem(key: "empty", payload: ""),
      TestItem(key: "also good", payload: #"{"x":2,"y":3}"#),
    ])
    let record = try await harness.run()
    #expect(record.completion("good")?.output == #"{"x":1}"#)
    #expect(record.completion("also good")?.output == #"{"x":2,"y":3}"#)
    for key in ["type", "syntax", "empty"] { #expect(record.completion(key)?.kind == .failed) }
    let reason = try #require(record.completion("type")?.reason)
    #expect(reason.contains("/x") && reason.contains("Int") && reason.contains("Point"))
  }

  @Test func brokenPayloadsNeverCompleteEachOther() {
    // As one array: two elements each, all decodable.
    for payloads in [["1,[2", "3]"], [#"1,"a"#, #"b""#], ["1,2,[3", "4]"]] {
      #expect(decode(payloads, as: Anything.self).allSatisfy { $0 == nil }, "\(payloads)")
    }
    #expect(decode(["1", "[3]"], as: Anything.self).allSatisfy { $0 != nil })
  }

  @Test(arguments: [
    ("{}", true), (#"{"a":[1,2,{"b":"],}"}]}"#, true), (#""\",""#, true), ("1", true), ("", true),
    ("1,2", false), ("]", false), ("][", false), ("[", false), (#""a"#, false), (#""\""#, false),
  ])
  func standsAlone(_ payload: String, _ expected: Bool) {
    let bytes = Array(payload.utf8)
    #expect(bytes.withUnsafeBytes { PayloadDecoder<Int>.standsAlone($0) } == expected)
  }

  @Test func rawPayloadsAreBytes() async throws {
    let bytes: [UInt8] = [0, 255, 10, 34]
    let record = try await Work<RawPayload>(
      discover: { _, sink in try sink.emit(key: "a", RawPayload(bytes)) },
      process: { .succeeded(output: $0.value.bytes) }
    ).run()
    #expect(record.items.first?.payload == bytes)
    #expect(record.completion("a")?.output == "[0,255,10,34]")
  }

  @Test func limitsAreNamed() async throws {
    let record = Work<RawPayload>(discover: { _, sink in
      #expect(throws: PluginError.self) { try sink.emit(key: "", RawPayload("")) }
      #expect(throws: PluginError.self) { try sink.emit(key: "a\0b", RawPayload("")) }
      #expect(throws: PluginError.self) {
        try sink.emit(key: String(repeating: "k", count: 1025), RawPayload(""))
      }
      #expect(throws: PluginError.self) {
        try sink.emit(key: "big", RawPayload([UInt8](repeating: 0, count: 256 * 1024 + 1)))
      }
      try sink.emit(key: "fits", RawPayload([UInt8](repeating: 0, count: 256 * 1024)))
    })
    #expect(try await record.run().items.map(\.key) == ["fits"])
  }

  private func decode<Item: Codable & Sendable>(_ payloads: [String], as type: Item.Type) -> [Item?] {
    let buffers = payloads.map { text in
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 1)
      buffer.copyBytes(from: Array(text.utf8))
      return UnsafeRawBufferPointer(buffer)
    }
    defer { for buffer in buffers { buffer.deallocate() } }
    let decoded = PayloadDecoder<Item>().decode(buffers)
    var values = decoded.values[...]
    let failed = Set(decoded.failures.map(\.position))
    return payloads.indices.map { failed.contains($0) ? nil : values.popFirst() }
  }
}
