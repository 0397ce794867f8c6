import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Small answers from an address beside the machine: the container agent and the instance metadata service.
struct MetadataClient: Sendable {
  let transport: Transport
  let surroundings: Surroundings
  /// Three tries, as these services restart and throttle too.
  var attempts = 3
  var timeout: Duration = .seconds(2)

  struct Answer {
    let status: Int
    let text: String
  }

  /// Throws `connection`, `timeout`, `serviceFailed`, `cancelled`. Any status below 500 save 429 is an answer.
  func send(
    _ method: String, _ url: String, headers: [(name: String, value: String)] = []
  ) async throws(AWSError) -> Answer {
    var attempt = 1
    while true {
      do throws(AWSError) {
        return try await once(method, url, headers: headers)
      } catch {
        guard attempt < attempts, error.code != .cancelled else { throw error }
        let delay = RetryPolicy().delay(afterAttempt: attempt, random: surroundings.random(), serverAsks: nil)
        do { try await surroundings.sleep(delay) } catch { throw AWSError(.cancelled, "cancelled between attempts") }
        attempt += 1
      }
    }
  }

  private func once(
    _ method: String, _ url: String, headers: [(name: String, value: String)]
  ) async throws(AWSError) -> Answer {
    var request = HTTPClientRequest(url: url)
    request.method = HTTPMethod(rawValue: method)
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    if method == "PUT" { request.body = .bytes(ByteBuffer()) }
    let endpoint = try Endpoint(String(url.prefix { $0 != "?" }))
    let deadline = NIODeadline.now() + timeout.timeAmount
    let response: HTTPClientResponse
    do { response = try await transport.client.execute(request, deadline: deadline) } catch {
      throw AWSError(transport: error, endpoint: endpoint)
    }
    let answer = AWSResponse(
      status: Int(response.status.code), headers: response.headers, endpoint: endpoint, body: response.body, isHead: false,
      deadline: deadline)
    let text = String(buffer: try await answer.collect(limit: 1 << 20))
    if answer.status >= 500 || answer.status == 429 {
      throw AWSError(.serviceFailed, "\(endpoint) answered \(answer.status)")
    }
    return Answer(status: answer.status, text: text)
  }
}

/// What both services answer.
struct MetadataCredentials: Decodable {
  var Code: String?
  var Message: String?
  var AccessKeyId: String?
  var SecretAccessKey: String?
  var Token: String?
  var Expiration: String?

  static func read(_ text: String, from name: String) throws(AWSError) -> Credentials {
    guard let answer = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else {
      // Not quoted: it may hold a secret.
      throw AWSError(.credentials, "\(name) answered something that is no credentials document")
    }
    if let code = answer.Code, code != "Success" {
      throw AWSError(.credentials, "\(name) has no credentials: \(code) \(answer.Message ?? "")")
    }
    guard let key = answer.AccessKeyId, let secret = answer.SecretAccessKey else {
      throw AWSError(.credentials, "\(name) answered a document without keys")
    }
    return Credentials(
      accessKeyID: key, secretAccessKey: secret, sessionToken: answer.Token,
      expiresAt: answer.Expiration.flatMap { CivilDate.secondsSince1970($0) })
  }
}
