import CCarillonFrames
import CCarillonPlugin
import Testing

/// From DISCOVER to DISCOVERED, and FINISH.
struct DiscoveryTests {
  private func status(_ frame: Frame) -> UInt32 {
    var reader = BodyReader(frame)
    return reader.u32()
  }

  private func count(_ items: Frame) -> UInt32 {
    var reader = BodyReader(items)
    #expect(reader.u64() == 0)
    return reader.u32()
  }

  @Test func itemsAreGatheredAndPacedByCredits() throws {
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: "plain")
    try host.discover(window: 1)
    for _ in 0..<2 {
      #expect(count(try host.expect(CARILLON_FRAME_ITEMS)) > 0)
      // Nothing but the answers come until the frame is acknowledged, however long that takes.
      for id in UInt64(1)...500 { #expect(try host.ping(id).call == CARILLON_IN_DISCOVER) }
      try host.send(CARILLON_FRAME_CREDIT) { $0.u32(1) }
    }
    var seen: [UInt32] = []
    while seen.last != CARILLON_FRAME_DISCOVERED {
      let frame = try #require(try host.receive())
      seen.append(frame.type)
      if frame.type == CARILLON_FRAME_ITEMS { try host.send(CARILLON_FRAME_CREDIT) { $0.u32(1) } }
      if frame.type == CARILLON_FRAME_DISCOVERED { #expect(status(frame) == UInt32(CARILLON_OK)) }
    }
    #expect(seen.suffix(2) == [CARILLON_FRAME_CHECKPOINT, CARILLON_FRAME_DISCOVERED])
  }

  @Test func allItemsComeInOrder() throws {
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: "plain")
    try host.discover()
    var keys: [String] = []
    while let frame = try host.receive(), frame.type == CARILLON_FRAME_ITEMS {
      var items = BodyReader(frame)
      _ = items.u64()
      for _ in 0..<items.u32() {
        _ = items.u32()
        let (key, payload) = (items.u32(), items.u32())
        keys.append(items.raw(key + payload))
      }
      #expect(items.isAtEnd)
    }
    #expect(keys == (0..<3072).map { "\($0)" })
  }

  @Test(arguments: ["plain", "deaf"])
  func aCancelledDiscoveryIsNeverTakenForAWholeOne(config: String) throws {
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: config)
    try host.discover(window: 1)
    _ = try host.expect(CARILLON_FRAME_ITEMS)
    try host.send(CARILLON_FRAME_CANCEL)
    #expect(status(try host.expect(CARILLON_FRAME_DISCOVERED)) == UInt32(CARILLON_CANCELLED))
    // The next run is not cancelled any more.
    try host.run()
    try host.discover()
    while let frame = try host.receive(), frame.type == CARILLON_FRAME_ITEMS {}
  }

  @Test func itemsThatBreakALimitAreRefusedTogether() throws {
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: "bad-items")
    try host.discover()
    #expect(status(try host.expect(CARILLON_FRAME_DISCOVERED)) == UInt32(CARILLON_OK))
  }

  @Test func finishReadsResultsPageByPage() throws {
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: "plain")
    try host.send(CARILLON_FRAME_FINISH) { for _ in 0..<5 { $0.u64(0) } }
    for cursor in [UInt64(0), 40, 80] {
      let request = try host.expect(CARILLON_FRAME_REQUEST)
      var reader = BodyReader(request)
      #expect(reader.u32() == CARILLON_REQUEST_RESULTS)
      _ = reader.str()
      #expect(reader.u32() == 8)
      #expect(reader.u64() == cursor)
      let page = Body.of { page in
        page.u64(cursor + 40)
        page.u32(cursor < 80 ? 2 : 0)
        for _ in 0..<(cursor < 80 ? 2 : 0) {
          for number in [UInt32(3), 1, 0, 0, 1, 2, 3, 4] { page.u32(number) }
          page.raw("kppooorrrr")
        }
      }
      try host.reply(to: request, CARILLON_OK, page)
    }
    _ = try host.expect(CARILLON_FRAME_EVENT)
    var report = BodyReader(try host.expect(CARILLON_FRAME_REPORT))
    #expect(report.str() == #"{"attempts": 12, "bytes": 40}"#)
    #expect(status(try host.expect(CARILLON_FRAME_FINISHED)) == UInt32(CARILLON_OK))
  }

  @Test func questionsToTheDaemonAreAnswered() throws {
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: "ask")
    try host.process([1])
    let expected: [(what: UInt32, key: String, status: Int32, value: String)] = [
      (CARILLON_REQUEST_CHECKPOINT_GET, "cursor", CARILLON_OK, "42"),
      (CARILLON_REQUEST_CHECKPOINT_PUT, "cursor", CARILLON_OK, ""),
      (CARILLON_REQUEST_SECRET, "token", CARILLON_OK, "too long"),
      (CARILLON_REQUEST_SECRET, "none", CARILLON_ABSENT, ""),
    ]
    for (index, answer) in expected.enumerated() {
      let request = try host.expect(CARILLON_FRAME_REQUEST)
      var reader = BodyReader(request)
      #expect(reader.u32() == answer.what)
      #expect(reader.str() == answer.key)
      // Waiting for an answer, even a cancelled run is still there to be asked after.
      if index == 1 { try host.send(CARILLON_FRAME_CANCEL) }
      #expect(try host.ping().call == CARILLON_IN_PROCESS)
      try host.reply(to: request, answer.status, Array(answer.value.utf8))
    }
    #expect(try host.outcomes(1).first?.output == "0 42 0 4 8 5")
  }
}
