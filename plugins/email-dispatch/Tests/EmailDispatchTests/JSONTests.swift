import CarillonPlugin
import Foundation
import Seeded
import Testing

@testable import EmailDispatch

/// Our reader and writer of JSON, with Foundation's as the judge.
@Suite struct JSONTests {
  /// What Foundation makes of a document.
  private enum Judged: Decodable {
    case value(Value)

    private struct Name: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      if let members = try? decoder.container(keyedBy: Name.self) {
        var object: [String: Value] = [:]
        for name in members.allKeys {
          guard case .value(let value) = try members.decode(Judged.self, forKey: name) else { continue }
          object[name.stringValue] = value
        }
        self = .value(.object(object))
      } else if var elements = try? decoder.unkeyedContainer() {
        var list: [Value] = []
        while !elements.isAtEnd {
          guard case .value(let value) = try elements.decode(Judged.self) else { continue }
          list.append(value)
        }
        self = .value(.list(list))
      } else {
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
          self = .value(.null)
        } else if let flag = try? single.decode(Bool.self) {
          self = .value(.bool(flag))
        } else if let text = try? single.decode(String.self) {
          self = .value(.text(text))
        } else if let number = try? single.decode(Int64.self) {
          self = .value(.integer(number))
        } else {
          self = .value(.number(try single.decode(Double.self)))
        }
      }
    }
  }

  private func judged(_ bytes: [UInt8]) -> Value? {
    guard case .value(let value)? = try? JSONDecoder().decode(Judged.self, from: Data(bytes)) else { return nil }
    return value
  }

  /// `1.0` is a whole number to Foundation, and shown as one by us; where numbers have no room for a fraction, it cuts one off, and we round.
  private func isSame(_ one: Value, _ other: Value) -> Bool {
    switch (one, other) {
    case (.list(let ones), .list(let others)): ones.count == others.count && zip(ones, others).allSatisfy(isSame)
    case (.object(let ones), .object(let others)):
      ones.count == others.count && ones.allSatisfy { name, value in others[name].map { isSame(value, $0) } ?? false }
    case (.number(let number), .integer(let whole)):
      number == Double(whole) || abs(number) >= 0x1p53 && abs(number - Double(whole)) <= abs(number) * 0x1p-52
    default: one == other
    }
  }

  private static let pieces = [
    "a", "é", "😀", "\u{301}", "\"", "\\", "/", "\u{0}", "\u{1f}", "\n", "\t", "\u{7f}", "\u{2028}", "long words ",
  ]

  private func value(_ random: inout SplitMix, depth: Int = 0) -> Value {
    func text(_ random: inout SplitMix) -> String {
      (0..<Int.random(in: 0..<12, using: &random)).map { _ in Self.pieces.randomElement(using: &random) ?? "" }.joined()
    }
    switch Int.random(in: 0..<(depth < 4 ? 8 : 6), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2:
      return .integer(
        [0, -1, .max, .min, Int64.random(in: -1_000_000...1_000_000, using: &random)].randomElement(using: &random) ?? 0)
    case 3: return .number(Double.random(in: -1e6...1e6, using: &random) * [1, 1e-9, 1e200].randomElement(using: &random)!)
    case 4, 5: return .text(text(&random))
    case 6: return .list((0..<Int.random(in: 0..<5, using: &random)).map { _ in value(&random, depth: depth + 1) })
    default:
      var members: [String: Value] = [:]
      for _ in 0..<Int.random(in: 0..<5, using: &random) { members[text(&random)] = value(&random, depth: depth + 1) }
      return .object(members)
    }
  }

  private func written(_ value: Value) -> [UInt8] {
    var bytes: [UInt8] = []
    JSONWriter.write(value, to: &bytes)
    return bytes
  }

  @Test func whatIsWrittenIsReadByFoundationAndByUs() throws {
    var random = SplitMix(seed: UInt64.random(in: 0..<1_000_000))
    let seed = random
    for _ in 0..<3_000 {
      let value = value(&random)
      let bytes = written(value)
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(try JSONReader.value(bytes) == value, "\(seed): \(text)")
      let other = try #require(judged(bytes), "\(seed): \(text)")
      #expect(isSame(value, other), "\(seed): \(text)")
    }
  }

  /// What Foundation takes although RFC 8259 does not: a comma before a closing bracket, a NUL at the end.
  private func isBeyondTheGrammar(_ bytes: [UInt8]) -> Bool {
    bytes.contains(0) || String(decoding: bytes, as: UTF8.self).contains(/,[ \t\r\n]*[\]}]/)
  }

  /// Documents with octets changed, taken out and put in: whatever Foundation takes is the same to us, and nothing else is taken.
  @Test func spoiltDocumentsAreJudgedAsByFoundation() throws {
    var random = SplitMix(seed: UInt64.random(in: 0..<1_000_000))
    let seed = random
    let octets = Array("{}[],:\"\\/u0123456789-+.eEtrufalsn dD8Ccb\t\n\u{1}".utf8) + [0, 0x80, 0xc3, 0xff]
    var taken = 0
    for _ in 0..<20_000 {
      var bytes = written(value(&random))
      for _ in 0..<Int.random(in: 1...2, using: &random) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let octet = octets.randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<3, using: &random) {
        case 0 where place < bytes.count: bytes[place] = octet
        case 1 where place < bytes.count: bytes.remove(at: place)
        default: bytes.insert(octet, at: place)
        }
      }
      let ours = try? JSONReader.value(bytes)
      let theirs = judged(bytes)
      taken += ours == nil ? 0 : 1
      switch (ours, theirs) {
      case (nil, nil): break
      case (nil, _) where isBeyondTheGrammar(bytes): break
      case (let ours?, let theirs?):
        #expect(isSame(ours, theirs), "\(seed): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
      default:
        Issue.record(
          "\(seed): ours \(String(describing: ours)), theirs \(String(describing: theirs)): \(String(decoding: bytes, as: UTF8.self).debugDescription)"
        )
      }
    }
    #expect(taken > 1_000)
  }

  @Test(arguments: [
    ("", "it ends too early at octet 1"), ("{\"a\":}", "there is no value at octet 6"),
    ("{\"a\" 1}", "a colon is expected at octet 6"),
    ("[1,]", "there is no value at octet 4"), ("{\"a\":1,}", "a member's name is expected at octet 8"),
    ("[1 2]", "a comma or ] is expected at octet 4"), ("01", "something follows its end at octet 2"),
    ("\"a\nb\"", "a control character stands in a text at octet 3"), ("\"\\x\"", "an escape is unknown at octet 4"),
    ("\"\\ud800\"", "half of a surrogate pair stands alone"), ("1e999", "a number is too large at octet 1"),
    ("-", "it ends too early"),
    (String(repeating: "[", count: 200), "it is nested deeper than 128"),
  ])
  func flawsAreNamedWithTheirPlace(_ text: String, _ what: String) {
    let flaw = #expect(throws: JSONReader.Flaw.self) { try JSONReader.value(Array(text.utf8)) }
    #expect(flaw?.message.contains(what) == true, "\(flaw?.message ?? "")")
  }

  @Test func ofTwoMembersOfOneNameTheFirstCounts() throws {
    let bytes = Array(#"{"a": 1, "b": 2, "a": 3}"#.utf8)
    #expect(try JSONReader.value(bytes) == .object(["a": .integer(1), "b": .integer(2)]))
    #expect(judged(bytes) == .object(["a": .integer(1), "b": .integer(2)]))
  }

  private func item(_ payload: String) throws -> MailItem {
    var payload = payload
    return try payload.withUTF8 { try MailItem(payload: UnsafeRawBufferPointer($0)) }
  }

  @Test func itemsComeBack() throws {
    var recipient = Recipient(address: "\"a\\\"b\"@x.test", values: ["n": .integer(1), "l": .list([.null, .text("ü")])])
    recipient.name = "Ann \"A\""
    recipient.locale = "de"
    for item in [MailItem.recipient(recipient), .refusal("no \\ way\n")] {
      var bytes: [UInt8] = []
      item.writePayload(to: &bytes)
      #expect(try self.item(String(decoding: bytes, as: UTF8.self)) == item)
      #expect(judged(bytes) != nil)
    }
  }

  /// A person may have edited it.
  @Test(arguments: [
    (#"{"address": 1, "values": {}}"#, "the payload's address is no text"), (#"{"values": {}}"#, "the payload has no address"),
    (#"{"address": "a@x.test", "values": []}"#, "the payload's values are no object"),
    (#"{"address": "a@x.test", "values": {}, "resend": "1"}"#, "the payload's resend is no whole number"),
    (#"{"address": "a@x.test""#, "the payload is no JSON: it ends too early"), ("[]", "the payload is no JSON object"),
  ])
  func editedPayloadsAreExplained(_ payload: String, _ what: String) {
    let error = #expect(throws: EmailDispatchError.self) { try item(payload) }
    #expect(error?.message.contains(what) == true, "\(error?.message ?? "")")
  }
}
