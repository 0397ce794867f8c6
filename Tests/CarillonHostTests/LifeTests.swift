import CCarillonFrames
import CCarillonPlugin
import Foundation
import Testing

/// One plugin from HELLO to BYE, and the program's own manners.
struct LifeTests {
  @Test func aWholeLife() throws {
    let host = try HostProcess()
    var hello = BodyReader(try host.expect(CARILLON_FRAME_HELLO))
    #expect(hello.u32() == CARILLON_FRAMES_VERSION)
    #expect(UInt32(hello.number(UInt16.self)) == CARILLON_ABI_MAJOR)
    #expect(UInt32(hello.number(UInt16.self)) == CARILLON_ABI_MINOR && hello.isAtEnd)

    try host.load(try BuiltPlugin.hello())
    var loaded = BodyReader(try host.expect(CARILLON_FRAME_LOADED))
    #expect(loaded.u32() == CARILLON_ABI_MAJOR)
    #expect(loaded.u32() == CARILLON_HAS_CHECK)
    #expect(loaded.str().contains(#""id": "hello-c""#) && loaded.isAtEnd)

    try host.send(CARILLON_FRAME_CHECK) { $0.str(#"{"count": 0}"#) }
    var finding = BodyReader(try host.expect(CARILLON_FRAME_DIAGNOSTIC))
    #expect(finding.u32() == 1)
    #expect(finding.str() == "/count")
    var checked = BodyReader(try host.expect(CARILLON_FRAME_CHECKED))
    #expect(checked.u32() == UInt32(CARILLON_ERROR))

    try host.create(#"{"count": 2}"#)
    var created = BodyReader(try host.expect(CARILLON_FRAME_CREATED))
    #expect(created.u32() == UInt32(CARILLON_OK))
    #expect(created.str() == "" && created.isAtEnd)

    try host.run()
    try host.discover()
    var items = BodyReader(try host.expect(CARILLON_FRAME_ITEMS))
    #expect(items.u64() == 0)
    #expect(items.u32() == 2)
    #expect(items.u32() == 0)
    let (keySize, payloadSize) = (items.u32(), items.u32())
    #expect(payloadSize == 0)
    #expect(items.raw(keySize) == "guest-1")
    var discovered = BodyReader(try host.expect(CARILLON_FRAME_DISCOVERED))
    #expect(discovered.u32() == UInt32(CARILLON_OK))

    try host.process([11, 12])
    let outcomes = try host.outcomes(2)
    #expect(outcomes.map(\.item) == [11, 12])
    #expect(outcomes.allSatisfy { $0.kind == CARILLON_SUCCEEDED })
    #expect(outcomes[0].output == #"{"greeting": "Hello, item-11"}"#)

    try host.send(CARILLON_FRAME_FINISH) { for _ in 0..<5 { $0.u64(0) } }
    var finished = BodyReader(try host.expect(CARILLON_FRAME_FINISHED))
    #expect(finished.u32() == UInt32(CARILLON_OK))
    #expect(try host.shutDown() == 0)
  }

  @Test func whatItPrintsArrives() throws {
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: "plain")
    try host.send(CARILLON_FRAME_SHUTDOWN)
    _ = try host.expect(CARILLON_FRAME_BYE)
    #expect(try host.printed() == "destroyed", "a line without an end counts too")
  }

  @Test func whatItPrintedBeforeDyingArrives() throws {
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: "stdout")
    try host.process([1])
    #expect(try host.printed() == "before the end\nand an error\n")
    #expect(try host.receive() == nil)
    #expect(try host.ended() == -SIGABRT)
  }

  /// proc(5): NoNewPrivs in /proc/PID/status.
  @Test(arguments: [(UInt32(0), "1"), (CARILLON_LOAD_NEW_PRIVILEGES, "0")])
  func onlyAJobThatMayGainsPrivileges(flags: UInt32, noNewPrivileges: String) throws {
    let host = try HostProcess()
    _ = try host.expect(CARILLON_FRAME_HELLO)
    try host.load(try BuiltPlugin.hello(), flags: flags)
    _ = try host.expect(CARILLON_FRAME_LOADED)
    let status = try String(contentsOfFile: "/proc/\(host.pid)/status", encoding: .utf8)
    #expect(status.contains("NoNewPrivs:\t\(noNewPrivileges)\n"))
  }

  @Test func theUnknownStatusOfACheckIsAnError() throws {
    let host = try HostProcess()
    try host.load(try BuiltPlugin.probe())
    _ = try host.expect(CARILLON_FRAME_HELLO)
    _ = try host.expect(CARILLON_FRAME_LOADED)
    try host.send(CARILLON_FRAME_CHECK) { $0.str("wrong") }
    var warning = BodyReader(try host.expect(CARILLON_FRAME_DIAGNOSTIC))
    #expect(warning.u32() == 0)
    _ = try host.expect(CARILLON_FRAME_DIAGNOSTIC)
    var checked = BodyReader(try host.expect(CARILLON_FRAME_CHECKED))
    #expect(checked.u32() == UInt32(CARILLON_ERROR))
  }

  @Test(arguments: [("no-instance", "the plugin gave no reason"), ("no-instance-why", "no such bucket")])
  func aFailedCreateSaysWhy(config: String, why: String) throws {
    let host = try HostProcess()
    _ = try host.expect(CARILLON_FRAME_HELLO)
    try host.load(try BuiltPlugin.probe())
    _ = try host.expect(CARILLON_FRAME_LOADED)
    try host.create(config)
    var created = BodyReader(try host.expect(CARILLON_FRAME_CREATED))
    #expect(created.u32() == UInt32(CARILLON_ERROR))
    #expect(created.str() == why)
    #expect(try host.shutDown() == 0)
  }

  @Test func withoutAConnectionItSaysHowItIsUsed() throws {
    let (status, output) = try BuiltPlugin.shell(["sh", "-c", #"exec "$0" 3<&-"#, HostProcess.binary])
    #expect(status == 64)
    #expect(output.hasPrefix("carillon-host: ") && output.split(separator: "\n").count == 1)
  }

  @Test func itDescribesAPluginToPeople() throws {
    let (status, output) = try BuiltPlugin.shell([HostProcess.binary, "--describe", try BuiltPlugin.hello()])
    #expect(status == 0)
    #expect(output.contains(#""id": "hello-c""#))
    let (refused, why) = try BuiltPlugin.shell([HostProcess.binary, "--describe", "/etc/hostname"])
    #expect(refused == 1)
    #expect(why.contains("refused: "))
  }

  @Test func itBringsNoRuntimeOfItsOwn() throws {
    let (status, output) = try BuiltPlugin.shell(["readelf", "-d", HostProcess.binary])
    #expect(status == 0)
    #expect(!output.contains("libswift") && !output.contains("libstdc++"))
  }
}
