import Foundation
import Seeded
import Testing

@testable import AWSClient

@Suite struct SignerTests {
  static let example = Credentials(
    accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
  static let s3Example = Credentials(
    accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")

  /// 2015-08-30T12:36:00Z, the instant of AWS's signature test suite.
  static let suiteDate = SigningDate(secondsSince1970: 1_440_938_160)
  /// 2013-05-24T00:00:00Z, the instant of the S3 API reference's examples.
  static let s3Date = SigningDate(secondsSince1970: 1_369_353_600)

  /// From AWS's Signature Version 4 test suite.
  @Test(
    arguments: [
      ("GET", "/", [:], "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
      (
        "GET", "/", ["Param2": "value2", "Param1": "value1"], "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
      ),
      ("POST", "/", [:], "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    ] as [(String, String, [String: String], String)])
  func suiteVectors(method: String, path: String, query: [String: String], signature: String) {
    let request = Signable(
      method: method, host: "example.amazonaws.com", path: path, query: query.map { ($0.key, $0.value) }, payload: .empty)
    let headers = Signer(service: "service", region: "us-east-1")
      .headers(for: request, credentials: Self.example, at: Self.suiteDate)
    #expect(headers.last?.value.hasSuffix("Signature=\(signature)") == true)
  }

  /// From the S3 API reference, "Signature Calculations: Transferring Payload in a Single Chunk".
  @Test(
    arguments: [
      (
        "/test.txt", [:], ["range": "bytes=0-9"],
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
      ),
      ("/", ["lifecycle": ""], [:], "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
      (
        "/", ["max-keys": "2", "prefix": "J"], [:],
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
      ),
    ] as [(String, [String: String], [String: String], String)])
  func s3Vectors(path: String, query: [String: String], headers: [String: String], signature: String) {
    let request = Signable(
      method: "GET", host: "examplebucket.s3.amazonaws.com", path: path, query: query.map { ($0.key, $0.value) },
      headers: headers.map { ($0.key, $0.value) }, payload: .empty)
    let sent = Signer(service: "s3", region: "us-east-1").headers(for: request, credentials: Self.s3Example, at: Self.s3Date)
    #expect(sent.last?.value.hasSuffix("Signature=\(signature)") == true)
  }

  /// From the S3 API reference, "Authenticating Requests: Using Query Parameters".
  @Test func presignedVector() {
    let request = Signable(method: "GET", host: "examplebucket.s3.amazonaws.com", path: "/test.txt", payload: .unsigned)
    let query = Signer(service: "s3", region: "us-east-1")
      .presignedQuery(for: request, credentials: Self.s3Example, at: Self.s3Date, expiresIn: 86_400)
    #expect(query.hasSuffix("X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"))
  }

  @Test func botocoreSignsHundredsOfRandomRequestsTheSameWay() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("signer: seed \(seed)")
    var random = SplitMix(seed: seed)
    let cases = (0..<600).map { _ in SigningCase(&random) }
    let expected = try Oracle.signatures(of: cases)
    #expect(expected.count == cases.count)
    for (index, pair) in zip(cases, expected).enumerated() {
      #expect(pair.0.signature() == pair.1, "case \(index) of seed \(seed): \(pair.0)")
    }
  }

  @Test func theSecretIsNotInWhatIsSent() {
    let request = Signable(method: "GET", host: "h", path: "/", payload: .empty)
    let headers = Signer(service: "s3", region: "r").headers(for: request, credentials: Self.s3Example, at: Self.s3Date)
    #expect(!headers.contains { $0.value.contains(Self.s3Example.secretAccessKey) })
  }

  @Test func credentialsDoNotPrintTheirSecret() {
    let credentials = Credentials(accessKeyID: "AKIDVISIBLE", secretAccessKey: "hidden-1", sessionToken: "hidden-2")
    var dumped = ""
    dump(credentials, to: &dumped)
    for text in ["\(credentials)", String(reflecting: credentials), String(describing: [credentials]), dumped] {
      #expect(!text.contains("hidden") && !text.contains("AKIDVISIBLE"))
    }
  }
}
