import AWSClient
import AWSTestServers
import Synchronization
import Testing

@testable import S3Lifecycle

/// AWS's default minimum size for transitions, a header beside the rules that no server here knows: scripted.
@Suite struct MinimumSizeTests {
  private static let header = "x-amz-transition-default-minimum-object-size"

  private func rule(_ id: String) -> LifecycleRule {
    var rule = LifecycleRule(id: id, prefix: "x/")
    rule.expiration = .init(days: 5)
    return rule
  }

  private static func document(_ id: String) -> String {
    "<LifecycleConfiguration><Rule><ID>\(id)</ID><Filter><Prefix>x/</Prefix></Filter><Status>Enabled</Status>"
      + "<Expiration><Days>5</Days></Expiration></Rule></LifecycleConfiguration>"
  }

  /// A bucket that answers what was put. `answers`: the size it answers afterwards; `nil`: what was put.
  private func write(_ existing: String, answers: String? = nil, hashed: String) async throws -> (
    Result<RuleWriter.Ending, any Error>, sent: String?
  ) {
    let state = Mutex((size: existing, id: "carillon-old", sent: String?.none))
    return try await ScriptedServer.run({ request, _ in
      state.withLock { state in
        if request.method == "PUT" {
          state.sent = request.header(Self.header)
          (state.size, state.id) = (answers ?? state.sent ?? "all_storage_classes_128K", "carillon-new")
          return ScriptedReply()
        }
        return ScriptedReply(headers: [(Self.header, state.size)], body: Self.document(state.id))
      }
    }) { server in
      var settings = AWSSettings()
      (settings.endpoint, settings.accessKeyId, settings.secretAccessKey) = (server.url, "AK", "S")
      let connection = AWSConnection(settings)
      let writer = RuleWriter(s3: try connection.s3(), bucket: "b", idPrefix: "carillon-")
      let before = LifecycleConfiguration(rules: [rule("carillon-old")], defaultMinimumSize: hashed)
      let item = RulesItem(wanted: [rule("carillon-new")], bucketHash: try BucketState.hash(before, tiering: nil))
      let result: Result<RuleWriter.Ending, any Error>
      do { result = .success(try await writer.write(item)) } catch { result = .failure(error) }
      return (result, state.withLock(\.sent))
    }
  }

  @Test(arguments: ["varies_by_storage_class", "all_storage_classes_128K"])
  func theBucketKeepsItsOwn(size: String) async throws {
    let (ending, sent) = try await write(size, hashed: size)
    #expect(try ending.get() == .done(1) && sent == size)
  }

  @Test func anotherSizeThanPlannedIsAnotherBucket() async throws {
    let (ending, sent) = try await write("varies_by_storage_class", hashed: "all_storage_classes_128K")
    #expect { try ending.get() } throws: { ($0 as? S3LifecycleError)?.code == .drifted }
    #expect(sent == nil)
  }

  @Test func aStoreThatForgetsItIsFoundOut() async throws {
    let size = "varies_by_storage_class"
    let (ending, _) = try await write(size, answers: "all_storage_classes_128K", hashed: size)
    #expect { try ending.get() } throws: { "\($0)".contains("minimum size all_storage_classes_128K instead of \(size)") }
  }

  /// Where small objects are archived too, a rule says itself that they are not to be.
  @Test func rulesAskForASizeWhereTheBucketDoesNot() {
    var config = LifecycleConfig(bucket: "b")
    config.rules = .generated
    let forecaster = Forecaster(prices: .standard, minBytes: 131_072, horizonMonths: 36, copies: false)
    func sizes(_ leavesSmallAlone: Bool) -> [Int64?] {
      WantedRules(config, isVersioned: false, forecaster: forecaster, leavesSmallAlone: leavesSmallAlone).candidates
        .filter { $0.transitions?.isEmpty == false }.map { $0.meaning.filter?.and?.objectSizeGreaterThan }
    }
    #expect(sizes(false).allSatisfy { ($0 ?? 0) >= 131_071 } && sizes(true).contains(nil))
    let varies = LifecycleConfiguration(rules: [], defaultMinimumSize: "varies_by_storage_class")
    #expect(!varies.leavesSmallAlone(isAWS: true))
    #expect(LifecycleConfiguration(rules: [], defaultMinimumSize: "all_storage_classes_128K").leavesSmallAlone(isAWS: true))
    #expect(LifecycleConfiguration(rules: []).leavesSmallAlone(isAWS: true))
    #expect(!LifecycleConfiguration(rules: []).leavesSmallAlone(isAWS: false))
  }
}
