import Crypto
import Foundation
import Seeded

@testable import AWSClient

/// A random request, as this signer and as botocore see it.
struct SigningCase: Encodable {
  var method: String
  var host: String
  var path = "/"
  var query: [[String]] = []
  var headers: [[String]] = []
  var body = ""
  var service: String
  var region: String
  var key: String
  var secret: String
  var token: String?
  var at: Int
  var expires: Int
  var presign: Bool
  var unsigned: Bool

  init(_ random: inout SplitMix) {
    func pick<Element>(_ all: [Element]) -> Element { all[Int.random(in: 0..<all.count, using: &random)] }
    func text(_ alphabet: String, _ length: ClosedRange<Int>) -> String {
      let characters = Array(alphabet)
      return String((0..<Int.random(in: length, using: &random)).map { _ in pick(characters) })
    }
    let plain = "abcXYZ019-._~"
    let odd = plain + " +%&=?#:/@!$'()*,;\"<>[]{}|\\^`äß☃漢🚂\u{301}"
    service = pick(["s3", "s3", "s3", "lambda", "monitoring"])
    region = pick(["us-east-1", "eu-central-1", "cn-north-1"])
    presign = service == "s3" && Bool.random(using: &random)
    unsigned = Bool.random(using: &random)
    method = pick(["GET", "PUT", "POST", "HEAD", "DELETE"])
    host = pick(["bucket.s3.amazonaws.com", "127.0.0.1:7480", "example.com"])
    let letters = service == "s3" ? odd : plain + " +%☃"
    let segments = (0..<Int.random(in: 0...4, using: &random)).map { _ in text(letters, 1...8) }
    let separator = service == "s3" ? pick(["/", "//"]) : "/"
    path = "/" + segments.map { PercentEncoding.encodePath($0) }.joined(separator: separator)
    let names = Set((0..<Int.random(in: 0...4, using: &random)).map { _ in text(odd, 1...6) })
    let valueLength = presign ? 1...6 : 0...6
    query = names.map { [$0, text(odd, valueLength)] }
    let headerNames = Set((0..<Int.random(in: 0...4, using: &random)).map { _ in "x-amz-meta-" + text("abcxyz-", 1...6) })
    headers = headerNames.map { [$0, text(plain + "  +%/=", 1...12)] }
    body = presign || method == "GET" || method == "HEAD" ? "" : text(odd, 0...40)
    key = "AK" + text("ABCDEF0123456789", 10...18)
    secret = text(plain + "/+", 20...40)
    token = Bool.random(using: &random) ? text(plain + "/+=", 10...60) : nil
    at = Int.random(in: 1_000_000_000...2_000_000_000, using: &random)
    expires = Int.random(in: 1...604_800, using: &random)
  }

  func signature() -> String? {
    let payload: PayloadHash =
      presign || (unsigned && service == "s3") ? .unsigned : .sha256(hex(SHA256.hash(data: Array(body.utf8))))
    let request = Signable(
      method: method, host: host, path: path, query: query.map { ($0[0], $0[1]) }, headers: headers.map { ($0[0], $0[1]) },
      payload: payload)
    let credentials = Credentials(accessKeyID: key, secretAccessKey: secret, sessionToken: token)
    let signer = Signer(service: service, region: region)
    let date = SigningDate(secondsSince1970: at)
    let text =
      presign
      ? signer.presignedQuery(for: request, credentials: credentials, at: date, expiresIn: expires)
      : signer.headers(for: request, credentials: credentials, at: date, keys: SigningKeys()).last?.value ?? ""
    return text.split(separator: "Signature=").last.map(String.init)
  }
}

/// botocore, in a process of its own.
enum Oracle {
  static func signatures(of cases: [SigningCase]) throws -> [String] {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let root = tests.deletingLastPathComponent().deletingLastPathComponent()
    let encoder = JSONEncoder()
    let lines = try cases.map { String(decoding: try encoder.encode($0), as: UTF8.self) }.joined(separator: "\n")
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("signing-\(UUID().uuidString).json")
    try lines.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [
      "-c", "\"$(\"$1/etc/test-servers/python.sh\")\" \"$2/Oracle/sign.py\" < \"$3\"", "bash", root.path, tests.path, file.path,
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
