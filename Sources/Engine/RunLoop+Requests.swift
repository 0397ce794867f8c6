import Foundation
import JobModel
import Store
import WorkerPool

/// What plugins ask of the engine and leave with it, beside outcomes.
extension RunLoop {
  private static let maxEventsPerItem = 64
  /// Requests that one worker may have open: a plugin's threads wait for their answers, so more is an attack.
  private static let maxOpenRequests = 1_024
  private static let maxPageItems = 500
  private static let maxPageBytes = 256 * 1024

  func emitted(_ item: ItemID?, _ type: String, _ json: String, by id: SlotID) {
    if let item {
      guard let flight = slots[id]?.inFlight[item] else { return countStale(1) }
      guard flight.events.count < Self.maxEventsPerItem else {
        return note(.warning, "more than \(Self.maxEventsPerItem) events of one item; the rest is dropped", item: flight.key)
      }
      slots[id]?.inFlight[item]?.events.append((type, json))
      return
    }
    guard slots[id]?.phase == .finishing else { return }
    noteInStore { [context] () throws(StoreError) in
      try await context.store.addEvent(run: context.record.number, type: type, json: json, at: context.time.now())
    }
  }

  func left(_ name: String, _ mediaType: String, _ bytes: Int64) {
    let path = "\(context.paths.artifacts(of: context.record.id))/\(name)"
    guard !name.contains("/"), !name.hasPrefix("."), access(path, F_OK) == 0 else {
      return note(.warning, "an artifact was announced that is not there: \(name)")
    }
    let artifact = ArtifactRecord(name: name, mediaType: mediaType, bytes: bytes, createdAt: context.time.now())
    noteInStore { [context] () throws(StoreError) in
      try await context.store.putArtifact(artifact, run: context.record.number)
    }
  }

  private func noteInStore(_ body: @escaping @Sendable () async throws(StoreError) -> Void) {
    openNotes += 1
    spawn { [mailbox] in
      do throws(StoreError) {
        try await body()
        mailbox.post(.noted(nil))
      } catch {
        mailbox.post(.noted(error))
      }
    }
  }

  func asked(_ request: UInt64, _ what: WorkerRequest, by id: SlotID) {
    guard slots[id]!.openRequests < Self.maxOpenRequests else {
      slots[id]?.violation = "it asked \(Self.maxOpenRequests) things at once"
      slots[id]?.worker?.kill()
      return
    }
    slots[id]?.openRequests += 1
    spawn { [context, mailbox] in
      let reply: WorkerReply
      do throws(StoreError) {
        reply = try await Self.answer(what, context)
      } catch {
        reply = .failed
        mailbox.post(.worker(id, .log(item: nil, level: .error, message: "a plugin's request failed: \(error.message)")))
      }
      if case .secret = what, case .value(let value) = reply { mailbox.post(.learnedSecret(value)) }
      mailbox.post(.answered(id, request: request, reply))
    }
  }

  func answered(_ id: SlotID, _ request: UInt64, _ reply: WorkerReply) {
    slots[id]?.openRequests -= 1
    slots[id]?.lastSignAt = uptime
    slots[id]?.worker?.send { $0.reply(to: request, reply) }
  }

  private static func answer(_ what: WorkerRequest, _ context: RunContext) async throws(StoreError) -> WorkerReply {
    switch what {
    case .checkpointGet(let key):
      try await context.store.checkpoint(job: context.job.name, key: key).map { .value($0) } ?? .absent
    case .checkpointPut(let key, let value):
      try await put(key, value, context)
    case .secret(let name): SecretFolder(path: context.paths.secrets).read(name).map { .value($0) } ?? .absent
    case .results(let cursor): .value(try await results(after: cursor, context))
    }
  }

  private static func put(_ key: String, _ value: [UInt8], _ context: RunContext) async throws(StoreError) -> WorkerReply {
    try await context.store.setCheckpoint(job: context.job.name, key: key, value: value)
    return .value([])
  }

  /// One page of finished items, as the REPLY frame wants it.
  private static func results(after cursor: UInt64, _ context: RunContext) async throws(StoreError) -> [UInt8] {
    var query = ItemQuery(
      run: context.record.number, states: [.succeeded, .skipped, .dead, .poisoned, .cancelled], limit: 50)
    if cursor > 0 { query.after = ItemID(raw: Int64(bitPattern: cursor)) }
    var page = ResultPage(cursor: cursor)
    // A few at a time, however large they are: a page must stay well within a frame.
    while page.count < maxPageItems, page.bytes.count < maxPageBytes {
      let items = try await context.store.items(query)
      for item in items where page.bytes.count < maxPageBytes {
        page.add(item)
        query.after = item.id
      }
      if items.count < query.limit { break }
    }
    return page.bytes
  }
}

/// The value of a REPLY to a request for results.
struct ResultPage {
  private(set) var bytes: [UInt8] = []
  private(set) var count: UInt32 = 0

  init(cursor: UInt64) {
    append(cursor)
    append(count)
  }

  mutating func add(_ item: ItemRecord) {
    let kind: UInt32 =
      switch item.state {
      case .succeeded: 1
      case .skipped: 2
      default: 4
      }
    let output = Array((item.output ?? "").utf8)
    let reason = Array((item.reason ?? "").utf8)
    let key = Array(item.key.utf8)
    append(UInt32(clamping: item.attempts))
    append(kind)
    append(item.duration?.wholeMicroseconds ?? 0)
    for part in [key, item.payload, output, reason] { append(UInt32(part.count)) }
    for part in [key, item.payload, output, reason] { bytes.append(contentsOf: part) }
    count += 1
    let cursor = UInt64(bitPattern: item.id.raw)
    for index in 0..<8 { bytes[index] = UInt8(truncatingIfNeeded: cursor >> UInt64(8 * index)) }
    for index in 0..<4 { bytes[8 + index] = UInt8(truncatingIfNeeded: count >> UInt32(8 * index)) }
  }

  private mutating func append(_ value: some FixedWidthInteger) {
    for shift in stride(from: 0, to: value.bitWidth, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
  }
}
