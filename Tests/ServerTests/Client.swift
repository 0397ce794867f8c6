import Foundation
import Testing

/// Asks over a socket with curl, a client that is none of ours.
struct Client {
  let socket: String
  /// What curl is started with, as another user.
  var prefix: [String] = []

  struct Reply {
    var status: Int
    var headers: [String: String]
    var body: Data

    var text: String { String(decoding: body, as: UTF8.self) }

    func json() throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any], "no JSON object: \(text)")
    }
    func list(_ key: String) throws -> [[String: Any]] { try #require(try json()[key] as? [[String: Any]]) }
    subscript(_ key: String) -> Any? {
      do { return try json()[key] } catch { return nil }
    }
    func string(_ key: String) -> String? { self[key] as? String }

    /// The end of a problem's type; also checks that it is a whole problem document.
    func problem() throws -> String {
      #expect(headers["content-type"] == "application/problem+json")
      let type = try #require(string("type"))
      #expect(self["status"] as? Int == status)
      #expect(string("title")?.isEmpty == false)
      #expect(string("detail")?.isEmpty == false)
      return String(type.trimmingPrefix("urn:carillon:problem:"))
    }
  }

  func ask(
    _ method: String, _ path: String, _ body: String? = nil, type: String? = "application/json", _ more: [String] = []
  ) async throws -> Reply {
    var arguments = [
      "--silent", "--show-error", "--include", "--max-time", "60", "--path-as-is", "--unix-socket", socket,
    ]
    arguments += method == "HEAD" ? ["--head"] : ["--request", method]
    if let body {
      arguments += ["--data-binary", body]
      arguments += ["--header", type.map { "Content-Type: \($0)" } ?? "Content-Type:"]
    }
    arguments += more + ["http://localhost\(path)"]
    let program = prefix.first ?? "/usr/bin/curl"
    let (status, output, errors) = try await execute(
      program, (prefix.isEmpty ? [] : Array(prefix.dropFirst()) + ["/usr/bin/curl"]) + arguments)
    try #require(status == 0 || !output.isEmpty, "curl ended with \(status): \(errors)")
    return try Self.reply(output)
  }

  func get(_ path: String) async throws -> Reply { try await ask("GET", path) }
  func post(_ path: String, _ body: String? = nil) async throws -> Reply { try await ask("POST", path, body) }

  /// Waits for a run's end.
  func awaitEnd(_ run: String) async throws -> [String: Any] {
    var last: [String: Any] = [:]
    try await eventually("the end of \(run)") {
      last = try await get("/v1/runs/\(run)").json()
      return ["succeeded", "completedWithFailures", "failed", "cancelled"].contains(last["state"] as? String)
    }
    return last
  }

  static func reply(_ bytes: Data) throws -> Reply {
    var rest = bytes
    while true {
      let end = try #require(rest.range(of: Data("\r\n\r\n".utf8)), "no header: \(String(decoding: bytes, as: UTF8.self))")
      let lines = String(decoding: rest[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
      let status = try #require(Int(lines[0].split(separator: " ")[1]))
      rest = Data(rest[end.upperBound...])
      if status == 100 { continue }
      var headers: [String: String] = [:]
      for line in lines.dropFirst() {
        let parts = line.split(separator: ":", maxSplits: 1)
        headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
      }
      return Reply(status: status, headers: headers, body: rest)
    }
  }
}
