import AWSClient
import AWSTestServers
import Synchronization
import Testing

@testable import S3Lifecycle

/// A store that goes on answering what it had before, scripted: S3 says that it may, Ceph does not.
@Suite struct ReadBackTests {
  private static func document(_ id: String) -> String {
    "<LifecycleConfiguration><Rule><ID>\(id)</ID><Filter><Prefix>x/</Prefix></Filter><Status>Enabled</Status>"
      + "<Expiration><Days>5</Days></Expiration></Rule></LifecycleConfiguration>"
  }

  /// `staleAnswers`: how many looks after the change still see what was before it.
  private func write(staleAnswers: Int) async throws -> (Result<RuleWriter.Ending, any Error>, pauses: [Duration], puts: Int) {
    let state = Mutex((stale: staleAnswers, isPut: false, pauses: [Duration](), puts: 0))
    return try await ScriptedServer.run({ request, _ in
      state.withLock { state in
        if request.method == "PUT" {
          (state.isPut, state.puts) = (true, state.puts + 1)
          return ScriptedReply()
        }
        if state.isPut { state.stale -= 1 }
        return ScriptedReply(body: Self.document(state.isPut && state.stale < 0 ? "carillon-new" : "carillon-old"))
      }
    }) { server in
      var settings = AWSSettings()
      (settings.endpoint, settings.accessKeyId, settings.secretAccessKey) = (server.url, "AK", "S")
      let connection = AWSConnection(settings)
      let writer = RuleWriter(s3: try connection.s3(), bucket: "b", idPrefix: "carillon-") { pause in
        state.withLock { $0.pauses.append(pause) }
      }
      func rule(_ id: String) -> LifecycleRule {
        var rule = LifecycleRule(id: id, prefix: "x/")
        rule.expiration = .init(days: 5)
        return rule
      }
      let before = LifecycleConfiguration(rules: [rule("carillon-old")])
      let item = RulesItem(wanted: [rule("carillon-new")], bucketHash: try BucketState.hash(before, tiering: nil))
      let result: Result<RuleWriter.Ending, any Error>
      do { result = .success(try await writer.write(item)) } catch { result = .failure(error) }
      return state.withLock { (result, $0.pauses, $0.puts) }
    }
  }

  @Test(arguments: [0, 1, 4])
  func aLateAnswerIsWaitedFor(staleAnswers: Int) async throws {
    let written = try await write(staleAnswers: staleAnswers)
    #expect(try written.0.get() == .done(1) && written.puts == 1)
    #expect(written.pauses == Array(RuleWriter.pauses.prefix(staleAnswers)))
  }

  @Test func onethatIsTooLateIsLookedAtAgain() async throws {
    let written = try await write(staleAnswers: 5)
    #expect { try written.0.get() } throws: { ($0 as? S3LifecycleError)?.code == .notYetSeen }
    #expect(written.puts == 1)
  }
}
