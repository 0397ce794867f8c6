import AWSClient
import AWSTestServers
import CarillonPlugin
import CarillonPluginTesting
import Foundation
import NIOCore
import Synchronization
import Testing

@testable import S3Lifecycle

/// Intelligent-Tiering configurations, which neither Ceph nor moto knows, against a stub that keeps what it gets.
@Suite struct TieringTests {
  /// The three calls of the S3 API Reference, and a bucket that has a rule and nothing else.
  private final class Stub: Sendable {
    private let kept = Mutex<[String: String]>([:])
    /// Forgets the second tier of what it gets.
    let isForgetful: Bool

    init(isForgetful: Bool = false) { self.isForgetful = isForgetful }

    var ids: [String] { kept.withLock { $0.keys.sorted() } }
    func keep(_ id: String, _ document: String) { kept.withLock { $0[id] = document } }

    func answer(_ request: ScriptedRequest) -> ScriptedReply {
      let query = request.uri.split(separator: "?").last ?? ""
      guard query.contains("intelligent-tiering") else { return bucket(String(query)) }
      let id = query.split(separator: "&").first { $0.hasPrefix("id=") }.map { String($0.dropFirst(3)) } ?? ""
      switch request.method {
      case "PUT":
        var document = String(buffer: request.body).replacing(/<\?xml.*?\?>/, with: "").replacing(/\ xmlns="[^"]*"/, with: "")
        if isForgetful {
          document = document.replacing(/<Tiering>(?:(?!<\/Tiering>).)*DEEP(?:(?!<\/Tiering>).)*<\/Tiering>/, with: "")
        }
        keep(id, document)
        return ScriptedReply()
      case "DELETE":
        _ = kept.withLock { $0.removeValue(forKey: id) }
        return ScriptedReply(204)
      default:
        let list = kept.withLock { $0.sorted { $0.key < $1.key }.map(\.value).joined() }
        return ScriptedReply(
          body: "<ListBucketIntelligentTieringConfigurationsOutput><IsTruncated>false</IsTruncated>\(list)"
            + "</ListBucketIntelligentTieringConfigurationsOutput>")
      }
    }

    private func bucket(_ query: String) -> ScriptedReply {
      if query.contains("versioning") { return ScriptedReply(body: "<VersioningConfiguration/>") }
      if query.contains("uploads") { return ScriptedReply(body: "<ListMultipartUploadsResult/>") }
      if query.contains("lifecycle") {
        return ScriptedReply(
          body: "<LifecycleConfiguration><Rule><ID>carillon-r</ID><Filter><Prefix>a/</Prefix></Filter>"
            + "<Status>Enabled</Status><Expiration><Days>9</Days></Expiration></Rule></LifecycleConfiguration>")
      }
      return ScriptedReply(body: "<ListBucketResult/>")
    }
  }

  private func config(_ url: String, _ tiering: String) -> String {
    #"{"bucket":"b","mode":"rules","aws":{"endpoint":"\#(url)","region":"us-east-1","accessKeyId":"AK","secretAccessKey":"SK"},"#
      + #""rules":[{"id":"r","prefix":"a/","expireDays":9}],"tiering":[\#(tiering)]}"#
  }

  private let docs = #"{"id":"docs","prefix":"docs/","archiveDays":90,"deepArchiveDays":180}"#

  @Test func configurationsAreKept() async throws {
    let stub = Stub()
    stub.keep(
      "theirs",
      "<IntelligentTieringConfiguration><Id>theirs</Id><Status>Enabled</Status><Tiering><AccessTier>ARCHIVE_ACCESS</AccessTier>"
        + "<Days>100</Days></Tiering></IntelligentTieringConfiguration>")
    try await ScriptedServer.run({ request, _ in stub.answer(request) }) { server in
      let plan = try await Bench.run(config(server.url, docs), isPlan: true)
      #expect(plan.items.map(\.key) == ["tiering/carillon-docs"])
      #expect(plan.completions[0].effect.contains("carillon-docs: added (prefix docs/, ARCHIVE_ACCESS after 90 d"))
      #expect(stub.ids == ["theirs"])
      let applied = try await Bench.run(config(server.url, docs))
      #expect(applied.kinds == [.succeeded], "\(applied.completions.map(\.reason))")
      #expect(stub.ids == ["carillon-docs", "theirs"])
      #expect(try await Bench.run(config(server.url, docs)).items.isEmpty)
      // What is no longer declared goes; another's stays.
      #expect(try await Bench.run(config(server.url, "")).kinds == [.succeeded])
      #expect(stub.ids == ["theirs"])
    }
  }

  @Test func whatIsReadBackMustBeWhatWasPut() async throws {
    let stub = Stub(isForgetful: true)
    try await ScriptedServer.run({ request, _ in stub.answer(request) }) { server in
      let record = try await Bench.run(config(server.url, docs))
      #expect(record.kinds == [.failed] && record.completions[0].reason.contains("answers another"))
    }
  }
}
