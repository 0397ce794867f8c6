import Foundation
import Seeded
import Testing

@testable import RollupTables

/// One line: what it says, or why it is no event.
@Suite struct LineTests {
  /// The batch's only event, or the reason.
  private func read(_ line: String) -> Result<Event, Malformed> { read(Array(line.utf8)) }

  private func read(_ line: [UInt8]) -> Result<Event, Malformed> {
    var batch = EventBatch()
    let bytes = line + [0x0A] + Array(repeating: 0x22, count: 16)
    return bytes.withUnsafeBufferPointer { room in
      do throws(Malformed) {
        let (end, _) = try batch.add(room.baseAddress!)
        #expect(end - room.baseAddress! == line.count)
        return .success(batch.events[0])
      } catch { return .failure(error) }
    }
  }

  private static let plain = #"{"user_id":"u","event_type":"click","timestamp":"2026-10-01T00:00:01Z"}"#

  @Test func theSmallest() throws {
    let event = try read(Self.plain).get()
    #expect(event.atUs == 1_790_812_801_000_000 && event.type == EventType.click && event.session == 0 && event.country == 0)
  }

  /// What is written otherwise and means the same is the same event.
  @Test(arguments: [
    ##"{"event_type":"click","user_id":"\u0075","timestamp":"2026-10-01T02:00:01+02:00","event_id":"x"}"##,
    ##" {"event_id" : "\u0078" , "timestamp":"2026-10-01 00:00:01.000Z","user\u005fid":"u","event_type":"click"} "##,
    ##"{"event_id":"y","event_id":"x","user_id":"v","timestamp":"2026-09-30T19:00:01-0500","user_id":"u","event_type":"click"}"##,
    ##"{"event_id":"x","user_id":"u","event_type":"click","timestamp":"2026-10-01t00:00:01z","properties":null,"a":[1,{"b":[]}]}"##,
  ])
  func theSame(line: String) throws {
    let event = try read(line).get()
    let other = try read(#"{"event_id":"x","user_id":"u","event_type":"click","timestamp":"2026-10-01T00:00:01Z"}"#).get()
    #expect(event.idHigh == other.idHigh && event.idLow == other.idLow && event.atUs == other.atUs && event.type == other.type)
  }

  private static let flaws: [(String, Malformed)] = [
    ("", .json), ("[]", .json), ("{}", .noUser), ("null", .json), (#"{"user_id":"u""#, .json), (#"{"user_id":"u",}"#, .json),
    (#"{"user_id":"u" "x":1}"#, .json), (#"{"a":01}"#, .json), (#"{"a":1.}"#, .json), (#"{"a":tru}"#, .json),
    (#"{"a":"\x"}"#, .json), (#"{"a":"\u12g4"}"#, .json), ("{\"a\":\"\t\"}", .json), (plain + "}", .json),
    (plain + plain, .json),
    (#"{"user_id":7}"#, .noUser), (#"{"user_id":""}"#, .noUser), (#"{"user_id":"u"}"#, .noType),
    (#"{"user_id":"u","event_type":"x"}"#, .noTime), (#"{"user_id":"u","event_type":"x","timestamp":1790812801}"#, .noTime),
    (plain.replacing("01Z", with: "01"), .badTime), (plain.replacing("-10-01", with: "-02-29"), .badTime),
    (plain.replacing("T00:", with: "T24:"), .badTime), (plain.replacing("01Z", with: "01.Z"), .badTime),
    (plain.replacing("2026", with: "1969"), .badTime), (plain.replacing("01Z", with: "01+2:00"), .badTime),
    (plain.replacing("}", with: #","session_id":5}"#), .badSession), (plain.replacing("}", with: #","event_id":[]}"#), .badID),
    (plain.replacing("}", with: #","properties":5}"#), .badProperties),
    (plain.replacing("}", with: #","properties":{"location":"DE"}}"#), .badProperties),
    (plain.replacing("}", with: #","properties":{"amount":"1,5"}}"#), .badAmount),
    (plain.replacing("}", with: #","properties":{"amount":true}}"#), .badAmount),
    (plain.replacing("}", with: #","properties":{"amount":1e30}}"#), .badAmount),
    (plain.replacing("\"u\"", with: "\"" + String(repeating: "u", count: 1_025) + "\""), .longName),
    (#"{"a":"# + String(repeating: "[", count: 70) + String(repeating: "]", count: 70) + "}", .tooDeep),
  ]

  @Test(arguments: flaws)
  func malformed(line: String, flaw: Malformed) {
    #expect(throws: flaw) { try read(line).get() }
  }

  @Test func notUTF8() {
    #expect(throws: Malformed.notUTF8) { try read(Array(Self.plain.utf8).map { $0 == UInt8(ascii: "k") ? 0xFF : $0 }).get() }
  }

  /// Any bytes changed: an answer and no crash, and nothing is read that Foundation, which is more lenient, refuses.
  @Test func fuzz() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("LineTests.fuzz seed \(seed)")
    var random = SplitMix(seed: seed)
    let line = Array(
      #"{"user_id":"ü\n","event_type":"a","timestamp":"2026-10-01T00:00:01Z","properties":{"amount":-1.5e2,"x":[true,null]}}"#
        .utf8)
    for _ in 0..<3_000 {
      var bytes = line
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        default: bytes.insert(Array(#"{}[]",:\0e"#.utf8).randomElement(using: &random)!, at: place)
        }
      }
      guard !bytes.contains(0x0A), !bytes.isEmpty else { continue }
      let isJSON = (try? JSONSerialization.jsonObject(with: Data(bytes))) != nil
      if case .success = read(bytes) { #expect(isJSON, "\(String(decoding: bytes, as: UTF8.self)), seed \(seed)") }
    }
  }
}

/// Money without doubles.
@Suite struct CentsTests {
  private static let known: [(String, Int64)] = [
    ("0", 0), ("12", 1_200), ("12.3", 1_230), ("12.34", 1_234), ("-12.34", -1_234), ("0.005", 1), ("0.0049", 0), ("-0.005", -1),
    ("1.2e3", 120_000), ("1234e-2", 1_234), ("4.35", 435), ("1.005", 101), ("90000000000000", 9_000_000_000_000_000),
    ("0.00000000000000000000000001", 0), ("1e-400", 0), ("123456789012.349999999999999999999", 12_345_678_901_235),
  ]

  @Test(arguments: known)
  func amounts(text: String, cents: Int64) {
    #expect(Array(text.utf8).withUnsafeBufferPointer { Cents.parse($0) } == cents)
  }

  @Test(arguments: ["", "-", "x", "1x", "1e", ".", "90000000000000.01", "1e300", "99999999999999999999", "1.2.3"])
  func none(text: String) {
    #expect(Array(text.utf8).withUnsafeBufferPointer { Cents.parse($0) } == nil)
  }
}
