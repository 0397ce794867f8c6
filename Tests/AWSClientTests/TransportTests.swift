import AWSTestServers
import NIOCore
import Synchronization
import Testing

@testable import AWSClient

@Suite struct TransportTests {
  @Test func aLargeBodyWaitsForItsPermission() async throws {
    try await Fixture.withFile(bytes: 3 << 20) { path, bytes in
      try await ScriptedServer.run({ _, _ in ScriptedReply(headers: [("etag", "\"e\"")]) }) { server in
        try await Fixture.withS3(at: server.url) { s3 in
          try await s3.putObject(bucket: "b", key: "k", body: .file(path: path, offset: 0, length: Int64(bytes.count)))
        }
        let request = try #require(server.requests.first)
        #expect(request.header("expect") == "100-continue")
        #expect(Array(buffer: request.body) == bytes)
      }
    }
  }

  @Test func aRefusedUploadCostsItsHeadAlone() async throws {
    try await Fixture.withFile(bytes: 8 << 20) { path, bytes in
      try await ScriptedServer.run(
        expectation: { _ in .answer(ScriptedReply(403, body: Fixture.error(code: "AccessDenied"))) },
        { _, _ in ScriptedReply() }
      ) { server in
        try await Fixture.withS3(at: server.url) { s3 in
          let error = await #expect(throws: AWSError.self) {
            try await s3.putObject(bucket: "b", key: "k", body: .file(path: path, offset: 0, length: Int64(bytes.count)))
          }
          #expect(error?.code == .accessDenied)
        }
        #expect(server.requests.count == 1 && server.bodyBytes == 0)
      }
    }
  }

  /// The client has handed over the whole of it by then and takes the request for sent.
  @Test func aRefusedBufferDoesNotSpoilItsConnection() async throws {
    let body = ByteBuffer(repeating: 7, count: 1 << 20)
    try await ScriptedServer.run(
      expectation: { _ in .answer(ScriptedReply(403, body: Fixture.error(code: "AccessDenied"))) }, { _, _ in ScriptedReply() }
    ) { server in
      try await Fixture.withS3(at: server.url) { s3 in
        for _ in 0..<3 {
          let error = await #expect(throws: AWSError.self) {
            try await s3.putObject(bucket: "b", key: "k", body: .bytes(body))
          }
          #expect(error?.code == .accessDenied && error?.attempts == 1)
          try await s3.headBucketForTest()
        }
      }
      #expect(server.requests.count == 6 && server.bodyBytes == 0)
    }
  }

  @Test func aServerThatKnowsNoPermissionGetsTheBodyAnyway() async throws {
    let body = ByteBuffer(repeating: 7, count: 2 << 20)
    try await ScriptedServer.run(expectation: { _ in .ignore }, { _, _ in ScriptedReply() }) { server in
      try await Fixture.withS3(at: server.url) { try await $0.putObject(bucket: "b", key: "k", body: .bytes(body)) }
      #expect(server.requests.map(\.body) == [body])
    }
  }

  @Test func aSequenceIsMadeAnewForEveryAttempt() async throws {
    let made = Atomic<Int>(0)
    let pieces = (0..<20).map { ByteBuffer(repeating: UInt8($0), count: 1_000) }
    try await ScriptedServer.run({ _, number in number == 1 ? ScriptedReply(500) : ScriptedReply() }) { server in
      try await Fixture.withS3(at: server.url) { s3 in
        let body = RequestBody.stream(length: 20_000) {
          made.add(1, ordering: .relaxed)
          return AsyncThrowingStream { stream in
            for piece in pieces { stream.yield(piece) }
            stream.finish()
          }
        }
        try await s3.putObject(bucket: "b", key: "k", body: body)
      }
      #expect(server.requests.map(\.body.readableBytes) == [20_000, 20_000])
      #expect(server.requests.last?.header("x-amz-content-sha256") == "UNSIGNED-PAYLOAD")
    }
    #expect(made.load(ordering: .relaxed) == 2)
  }

  @Test func connectionsAreUsedAgainAndBounded() async throws {
    var limits = Fixture.quick
    limits.maxConcurrent = 4
    try await ScriptedServer.run(delay: .milliseconds(5), { _, _ in ScriptedReply() }) { server in
      try await Fixture.withS3(at: server.url, limits: limits) { s3 in
        try await withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<60 { group.addTask { try await s3.headBucketForTest() } }
          try await group.waitForAll()
        }
      }
      #expect(server.requests.count == 60)
      #expect(server.connections <= 4)
      #expect((2...4).contains(server.mostOpenRequests))
    }
  }

  @Test func aCancelledCallEnds() async throws {
    var limits = Fixture.quick
    limits.readTimeout = .seconds(60)
    limits.attemptTimeout = .seconds(60)
    limits.maxConcurrent = 1
    try await ScriptedServer.run({ _, _ in ScriptedReply(isSilent: true) }) { server in
      try await Fixture.withS3(at: server.url, limits: limits) { s3 in
        try await withThrowingTaskGroup(of: AWSError.Code?.self) { group in
          // One is under way, the other waits for its turn.
          for _ in 0..<2 {
            group.addTask {
              do throws(AWSError) {
                try await s3.headBucketForTest()
                return nil
              } catch {
                return error.code
              }
            }
          }
          while server.requests.isEmpty { await Task.yield() }
          group.cancelAll()
          for try await code in group { #expect(code == .cancelled) }
        }
      }
    }
  }

  @Test func aBrokenDownloadGoesOnWhereItBroke() async throws {
    let whole = String(repeating: "0123456789", count: 1_000)
    try await ScriptedServer.run({ request, number in
      let headers = [("etag", "\"e\"")]
      if number == 1 { return ScriptedReply(headers: headers, body: whole, cutAfter: 4_321) }
      let start = request.header("range").flatMap { Int($0.dropFirst("bytes=".count).prefix { $0 != "-" }) } ?? 0
      return ScriptedReply(206, headers: headers, body: String(whole.dropFirst(start)))
    }) { server in
      try await Fixture.withS3(at: server.url) { s3 in
        let (head, bytes) = try await s3.readObject(bucket: "b", key: "k")
        #expect(String(buffer: bytes) == whole && head.length == 10_000)
      }
      #expect(server.requests.map { $0.header("range") } == [nil, "bytes=4321-"])
      #expect(server.requests.last?.header("if-match") == "\"e\"")
    }
  }

  @Test func aDamagedDownloadIsFound() async throws {
    try await ScriptedServer.run({ request, _ in
      // The sum of "123456789".
      ScriptedReply(
        headers: [("x-amz-checksum-crc32c", "4waSgw==")], body: request.path.hasSuffix("good") ? "123456789" : "123456780")
    }) { server in
      try await Fixture.withS3(at: server.url) { s3 in
        let good = try await s3.readObject(bucket: "b", key: "good").bytes
        #expect(String(buffer: good) == "123456789")
        let error = await #expect(throws: AWSError.self) { try await s3.readObject(bucket: "b", key: "bad") }
        #expect(error?.code == .checksumMismatch)
      }
    }
  }

  @Test func aShorterFileThanMeasuredIsNotSent() async throws {
    try await Fixture.withFile(bytes: 100) { path, _ in
      try await ScriptedServer.run({ _, _ in ScriptedReply() }) { server in
        try await Fixture.withS3(at: server.url) { s3 in
          let error = await #expect(throws: AWSError.self) {
            try await s3.putObject(bucket: "b", key: "k", body: .file(path: path, offset: 0, length: 200))
          }
          #expect(error?.code == .file)
        }
        #expect(server.requests.isEmpty)
      }
    }
  }
}
