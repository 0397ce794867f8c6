import Foundation
import NIOCore
import Seeded
import Testing

@testable import AWSClient

@Suite struct ValueTests {
  @Test(arguments: [
    (0, "19700101T000000Z"), (951_782_399, "20000228T235959Z"), (951_782_400, "20000229T000000Z"),
    (1_798_761_599, "20261231T235959Z"), (4_107_542_400, "21000301T000000Z"),
  ])
  func signingDates(seconds: Int, text: String) { #expect(SigningDate(secondsSince1970: seconds).timestamp == text) }

  @Test func datesReadWhatTheyWrote() {
    let seed = UInt64.random(in: 0 ... .max)
    print("dates: seed \(seed)")
    var random = SplitMix(seed: seed)
    let formatter = ISO8601DateFormatter()
    for _ in 0..<2_000 {
      let seconds = Int.random(in: 0...5_000_000_000, using: &random)
      #expect(CivilDate.secondsSince1970(formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))) == seconds)
    }
  }

  @Test(arguments: [
    ("2026-01-31T23:59:59.123Z", 1_769_903_999), ("2026-01-31T23:59:59.000+0000", 1_769_903_999),
    ("2026-02-01T01:59:59+02:00", 1_769_903_999), ("Sat, 31 Jan 2026 23:59:59 GMT", 1_769_903_999),
  ])
  func dates(text: String, seconds: Int) { #expect(CivilDate.secondsSince1970(text) == seconds) }

  @Test(arguments: ["", "yesterday", "2026-13-01T00:00:00Z", "Sat, 31 Foo 2026 23:59:59 GMT"])
  func noDates(text: String) { #expect(CivilDate.secondsSince1970(text) == nil) }

  @Test func percentEncodingComesBack() {
    let seed = UInt64.random(in: 0 ... .max)
    print("percent: seed \(seed)")
    var random = SplitMix(seed: seed)
    for _ in 0..<500 {
      let text = String(
        (0..<Int.random(in: 0...20, using: &random)).compactMap { _ in
          Unicode.Scalar(UInt32.random(in: 1...0x1_ffff, using: &random)).map(Character.init)
        })
      #expect(PercentEncoding.decode(PercentEncoding.encode(text)) == text)
    }
    #expect(PercentEncoding.encode("a b+c/ä~") == "a%20b%2Bc%2F%C3%A4~")
    #expect(PercentEncoding.encodePath("a//b c") == "a//b%20c")
    #expect(PercentEncoding.decode("a+b%2", plusIsSpace: true) == "a b%2")
  }

  /// RFC 3720, appendix B.4, and the check value of the CRC catalogue.
  @Test(
    arguments: [
      (Array("123456789".utf8), 0xe306_9283), ([UInt8](repeating: 0, count: 32), 0x8a91_36aa),
      ([UInt8](repeating: 0xff, count: 32), 0x62a8_ab43), ([UInt8](0..<32), 0x46dd_794e), ([], 0),
    ] as [([UInt8], UInt32)])
  func crc32c(bytes: [UInt8], expected: UInt32) {
    var whole = CRC32C()
    bytes.withUnsafeBytes { whole.update($0) }
    #expect(whole.value == expected)
    var pieces = CRC32C()
    for byte in bytes { withUnsafeBytes(of: byte) { pieces.update($0) } }
    #expect(pieces.value == expected)
  }

  @Test func partsCoverTheWhole() {
    for (length, size) in [(0, 5), (1, 5), (5, 5), (6, 5), (1 << 40, 5 << 20), (100_000, 1)] as [(Int64, Int64)] {
      let ranges = PartPlan.ranges(length: length, partBytes: size)
      #expect(ranges.count <= 10_000)
      #expect(ranges.first?.lowerBound == 0 && ranges.last?.upperBound == length)
      #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    }
  }

  @Test func endpoints() throws {
    #expect(try Endpoint("http://127.0.0.1:7480/").description == "http://127.0.0.1:7480")
    #expect(try Endpoint("https://s3.example.com:443/base/").description == "https://s3.example.com/base")
    #expect(try Endpoint("http://[::1]:9000").authority == "[::1]:9000")
    #expect(Endpoint.aws(service: "s3", region: "cn-north-1").host == "s3.cn-north-1.amazonaws.com.cn")
    for wrong in ["", "s3.example.com", "ftp://x", "http://", "http://host:port", "http://user@host"] {
      #expect(throws: AWSError.self) { try Endpoint(wrong) }
    }
  }

  @Test func sharedFiles() {
    let config = SharedFile(
      text: """
        # a comment
        [default]
        region = eu-west-1
        s3 =
          max_concurrent_requests = 20
        [profile work]
        aws_access_key_id=AK ; said elsewhere
        AWS_SECRET_ACCESS_KEY = s=e#c
        [work]
        region = ignored
        """, isConfig: true)
    #expect(config.profiles["default"]?["region"] == "eu-west-1")
    #expect(config.profiles["work"] == ["aws_access_key_id": "AK", "aws_secret_access_key": "s=e#c"])
    #expect(config.profiles.count == 2)
  }
}
