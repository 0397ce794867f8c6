import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

/// Signs, sends, judges and sends again: what every service of this client stands on. Thread-safe.
package final class ServiceCaller: Sendable {
  package let service: String
  package let region: String
  let transport: Transport
  let credentials: any CredentialsProvider
  let policy: RetryPolicy
  let surroundings: Surroundings
  package let budget = RetryBudget()
  private let signer: Signer
  private let keys = SigningKeys()
  /// Seconds to add to the local clock.
  private let skew = Atomic<Int>(0)

  /// `service` is the name that signatures and endpoints have: `s3`, `lambda`, `monitoring`.
  package init(
    service: String, region: String, transport: Transport, credentials: any CredentialsProvider,
    policy: RetryPolicy = RetryPolicy(), surroundings: Surroundings = Surroundings()
  ) {
    self.service = service
    self.region = region
    self.transport = transport
    self.credentials = credentials
    self.policy = policy
    self.surroundings = surroundings
    signer = Signer(service: service, region: region)
  }

  /// Sends until `read` has what it wants of an answer below 300, or the attempts are spent. `read` may run once an attempt.
  func perform<Result: Sendable>(
    _ request: AWSRequest, read: (AWSResponse) async throws(AWSError) -> Result
  ) async throws(AWSError) -> Result {
    var attempt = 1
    var lastCost: Int?
    while true {
      let error: AWSError
      let signedSkew = skew.load(ordering: .relaxed)
      var serverAsks: Duration?
      do {
        let result = try await once(request, skew: signedSkew, serverAsks: &serverAsks, read: read)
        budget.succeeded(after: lastCost)
        return result
      } catch let failure {
        error = failure
      }
      var kind = RetryKind(error)
      // Another request may have corrected it meanwhile: what counts is what this one was signed with.
      if kind == .never, isOfClock(error), skew.load(ordering: .relaxed) != signedSkew { kind = .clockSkew }
      guard kind != .never, !request.isOnceOnly || kind.saysNothingWasDone, attempt < policy.maxAttempts,
        let cost = budget.take(for: kind)
      else {
        throw named(error, request, attempts: attempt)
      }
      lastCost = cost
      if kind == .expiredCredentials { await credentials.invalidate() }
      if kind != .clockSkew && kind != .expiredCredentials {
        let delay = policy.delay(afterAttempt: attempt, random: surroundings.random(), serverAsks: serverAsks)
        do { try await surroundings.sleep(delay) } catch {
          throw named(AWSError(.cancelled, "cancelled between attempts", cause: error), request, attempts: attempt)
        }
      }
      attempt += 1
    }
  }

  /// A URL that carries its own signature.
  package func presign(_ request: AWSRequest, expiresIn: Int) async throws(AWSError) -> String {
    guard (1...604_800).contains(expiresIn) else {
      throw AWSError(.invalidRequest, "a presigned URL lasts from 1 to 604,800 seconds, not \(expiresIn)")
    }
    let query = signer.presignedQuery(
      for: signable(request), credentials: try await credentials.credentials(), at: now(skew.load(ordering: .relaxed)),
      expiresIn: expiresIn)
    return
      "\(request.endpoint.scheme.rawValue)://\(request.endpoint.authority)\(request.endpoint.basePath)\(request.path)?\(query)"
  }

  private func now(_ skew: Int) -> SigningDate { SigningDate(secondsSince1970: surroundings.now() + skew) }

  private func signable(_ request: AWSRequest) -> Signable {
    Signable(
      method: request.method, host: request.endpoint.authority, path: request.endpoint.basePath + request.path,
      query: request.query, headers: request.headers, payload: request.payload)
  }

  private func once<Result: Sendable>(
    _ request: AWSRequest, skew: Int, serverAsks: inout Duration?, read: (AWSResponse) async throws(AWSError) -> Result
  ) async throws(AWSError) -> Result {
    let credentials = try await credentials.credentials()
    try await transport.gate.enter()
    defer { transport.gate.leave() }
    let signable = signable(request)
    let query = Signer.canonicalQuery(request.query)
    var http = HTTPClientRequest(
      url: request.endpoint.target + signable.path + (query.isEmpty ? "" : "?" + query))
    http.method = HTTPMethod(rawValue: request.method)
    http.headers.add(name: "host", value: signable.host)
    for (name, value) in request.headers { http.headers.add(name: name, value: value) }
    for (name, value) in signer.headers(for: signable, credentials: credentials, at: now(skew), keys: keys) {
      http.headers.add(name: name, value: value)
    }
    if request.expectsContinue { http.headers.add(name: "expect", value: "100-continue") }
    http.body = body(of: request)

    let uploadTime = Duration.seconds(request.body.length >> 18)
    let deadline = NIODeadline.now() + (transport.limits.attemptTimeout + uploadTime + request.extraTime).timeAmount
    let response: HTTPClientResponse
    do { response = try await transport.client.execute(http, deadline: deadline) } catch {
      throw AWSError(transport: error, endpoint: request.endpoint)
    }
    let answer = AWSResponse(
      status: Int(response.status.code), headers: response.headers, endpoint: request.endpoint, body: response.body,
      isHead: request.method == "HEAD", deadline: deadline)
    if answer.status < 300 { return try await read(answer) }
    serverAsks = Self.pauseAsked(answer.headers)
    let error = ServiceFailure.error(from: answer, body: try await answer.collect(limit: 1 << 20))
    learnClock(from: answer, error)
    throw error
  }

  private func body(of request: AWSRequest) -> HTTPClientRequest.Body? {
    switch request.body {
    case .none: request.method == "PUT" || request.method == "POST" ? .bytes(ByteBuffer()) : nil
    case .bytes(let buffer): .bytes(buffer)
    case .file(let path, let offset, let length):
      .stream(FileChunks(path: path, offset: offset, length: length), length: .known(length))
    case .stream(let length, let make): Self.stream(make(), length)
    }
  }

  private static func stream(
    _ sequence: some AsyncSequence<ByteBuffer, any Error> & Sendable, _ length: Int64
  ) -> HTTPClientRequest.Body { .stream(sequence, length: .known(length)) }

  /// `Retry-After` in seconds, or `x-amz-retry-after` in milliseconds.
  static func pauseAsked(_ headers: HTTPHeaders) -> Duration? {
    if let milliseconds = headers.first(name: "x-amz-retry-after").flatMap({ Int($0) }), milliseconds >= 0 {
      return .milliseconds(milliseconds)
    }
    if let seconds = headers.first(name: "retry-after").flatMap({ Int($0) }), seconds >= 0 { return .seconds(seconds) }
    return nil
  }

  /// Follows the server's clock when an error may come from ours and they are four minutes apart.
  private func learnClock(from answer: AWSResponse, _ error: AWSError) {
    guard error.status.map({ (400..<500).contains($0) }) == true,
      let date = answer.header("date").flatMap({ CivilDate.secondsSince1970($0) })
    else { return }
    let local = surroundings.now()
    let known = skew.load(ordering: .relaxed)
    if abs(local + known - date) > 240 { skew.store(date - local, ordering: .relaxed) }
  }

  /// A HEAD's 403 has no code; a clock that was just found wrong is reason enough.
  private func isOfClock(_ error: AWSError) -> Bool {
    error.serviceCode.map { RetryKind.skewCodes.contains($0) } ?? (error.status == 403)
  }

  private func named(_ error: AWSError, _ request: AWSRequest, attempts: Int) -> AWSError {
    var error = error
    error.service = service
    error.operation = request.operation
    error.attempts = attempts
    return error
  }
}
