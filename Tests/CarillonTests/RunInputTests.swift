import AWSClient
import AWSTestServers
import Foundation
import NIOCore
import Testing

/// What a person hands to a run: an event, and a plan of an earlier run. With the plugins as they are installed.
@Suite(.timeLimit(.minutes(3))) struct RunInputTests {
  private let box: Sandbox

  init() throws {
    box = try Sandbox()
    box.environment["CARILLON_PLUGINS"] = Program.products
  }

  @Test func anEventReachesThePlugin() async throws {
    try box.job("echo", "plugin: command\nconfig: {shell: true, command: 'echo \"got $CARILLON_EVENT\"'}\n")
    try box.file("event.json", #"{"b": [1, {"c": "x y"}], "a": null}"#)
    let answer = try await box.carillon("run", "echo", "--event", "\(box.folder)/event.json")
    #expect(answer.status == 0, "\(answer)")
    let item = try await box.carillon("item", "show", "last", "run", "--json").json()
    let output = try #require((item["item"] as? [String: Any])?["output"] as? [String: Any])
    #expect(output["stdout"] as? String == "got {\"a\":null,\"b\":[1,{\"c\":\"x y\"}]}\n")
    let run = try await box.carillon("run", "show", "last", "--json").json()
    #expect((run["run"] as? [String: Any])?["trigger"] as? String == "event")
    try box.file("broken.json", "{")
    #expect(try await box.carillon("run", "echo", "--event", "\(box.folder)/broken.json").status == 65)
    let absent = try await box.carillon("run", "echo", "--event", "\(box.folder)/absent.json")
    #expect(absent.status == 66 && absent.errors.contains("absent.json cannot be read: No such file or directory"))
  }

  @Test func anEventReachesThePluginThroughTheDaemon() async throws {
    try box.job("echo", "plugin: command\nconfig: {shell: true, command: 'echo \"got $CARILLON_EVENT\"'}\n")
    try box.file("event.json", #"{"b": [1], "a": null}"#)
    try box.file("broken.json", "{")
    // The job that every sandbox has is of a plugin that is not among those installed here.
    try FileManager.default.removeItem(atPath: "\(box.folder)/jobs/hello.yaml")
    let daemon = try box.start("daemon", "--no-prune")
    try await eventually { access("\(box.folder)/state/carillon.sock", F_OK) == 0 }
    let deadline = ContinuousClock.now + .seconds(30)
    while true {
      let status = try await box.carillon("status")
      if status.output.hasPrefix("daemon     ready") { break }
      try #require(ContinuousClock.now < deadline, "\(status)")
    }
    #expect(try await box.carillon("trigger", "echo", "--event", "\(box.folder)/broken.json").status == 65)
    #expect(try await box.carillon("trigger", "echo", "--event", "\(box.folder)/absent.json").status == 66)
    let made = try await box.carillon("trigger", "echo", "--event", "\(box.folder)/event.json", "--wait")
    #expect(made.status == 0, "\(made)")
    let run = try await box.carillon("run", "show", "last", "--json").json()
    #expect((run["run"] as? [String: Any])?["trigger"] as? String == "event")
    let item = try await box.carillon("item", "show", "last", "run", "--json").json()
    let output = try #require((item["item"] as? [String: Any])?["output"] as? [String: Any])
    #expect(output["stdout"] as? String == "got {\"a\":null,\"b\":[1]}\n")
    #expect(try await box.carillon("drain", "--wait").lines.last == "it has ended")
    #expect(try await daemon.wait().status == 0)
  }

  @Test func aBucketFromPlanToRules() async throws {
    let access = try CephServer.access()
    let bucket = "cli-" + UUID().uuidString.lowercased()
    var settings = AWSSettings()
    (settings.endpoint, settings.region) = (access.endpoint, "us-east-1")
    (settings.accessKeyId, settings.secretAccessKey) = (access.accessKeyID, access.secretAccessKey)
    let connection = AWSConnection(settings)
    let s3 = try connection.s3()
    try await s3.createBucket(bucket)
    try await s3.putObject(bucket: bucket, key: "logs/x", body: .bytes(ByteBuffer(string: "x")))
    // The job as it is shipped, for this bucket.
    let shipped = try String(contentsOfFile: "\(Program.root)/jobs/s3-lifecycle.yaml", encoding: .utf8)
    try box.job(
      "s3-lifecycle",
      shipped.replacing("my-bucket", with: bucket).replacing("name: s3-lifecycle\n", with: "").replacing(
        "    region: us-east-1",
        with: "    region: us-east-1\n    endpoint: \(access.endpoint)\n    accessKeyId: \(access.accessKeyID)\n"
          + "    secretAccessKey: \(access.secretAccessKey)"))
    let looked = try await box.carillon("run", "s3-lifecycle")
    #expect(looked.status == 0, "\(looked)")
    #expect(try await box.carillon("run", "s3-lifecycle", "--set", "mode=rules", "--apply", "last").status == 66)
    let planned = try await box.carillon("run", "s3-lifecycle", "--set", "mode=rules", "--plan")
    #expect(planned.status == 0, "\(planned)")
    #expect(try await s3.lifecycle(bucket: bucket).rules.isEmpty)
    let applied = try await box.carillon("run", "s3-lifecycle", "--set", "mode=rules", "--apply", "last")
    #expect(applied.status == 0, "\(applied)")
    #expect(Set(try await s3.lifecycle(bucket: bucket).rules.compactMap(\.id)) == ["carillon-logs", "carillon-abort-uploads"])
    // Somebody else changes the rules: the plan is no longer of this bucket.
    try await s3.deleteLifecycle(bucket: bucket)
    var theirs = LifecycleRule(id: "theirs", prefix: "tmp/")
    theirs.expiration = .init(days: 1)
    try await s3.setLifecycle(bucket: bucket, LifecycleConfiguration(rules: [theirs]))
    let refused = try await box.carillon(
      "run", "s3-lifecycle", "--set", "mode=rules", "--apply", "last")
    #expect(refused.status != 0 && (refused.output + refused.errors).contains("have changed since the plan"), "\(refused)")
    #expect(try await s3.lifecycle(bucket: bucket).rules.compactMap(\.id) == ["theirs"])
  }
}
