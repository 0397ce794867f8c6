import CCarillonFrames
import JobModel

/// Turns a frame from a host into an event. Pure; what it does not accept ends the worker.
package enum FrameDecoder {
  /// The event, or nil for an unknown optional frame.
  package static func decode(
    _ frame: FrameReader.Frame, body: UnsafeRawBufferPointer
  ) throws(FrameReader.Violation) -> WorkerEvent? {
    var reader = BodyReader(body)
    let event = try decode(frame, from: &reader, body: body)
    if event != nil { try reader.finish() }
    return event
  }

  private static let maxText = 16 * 1024
  private static let maxDocument = 64 * 1024
  private static let maxValue = 256 * 1024

  private static func decode(
    _ frame: FrameReader.Frame, from reader: inout BodyReader, body: UnsafeRawBufferPointer
  ) throws(FrameReader.Violation) -> WorkerEvent? {
    switch frame.type {
    case CARILLON_FRAME_OUTCOMES: return .outcomes(try outcomes(&reader, body))
    case CARILLON_FRAME_ITEMS: return try items(&reader, body)
    case CARILLON_FRAME_STARTED:
      let count = try reader.integer(UInt32.self)
      guard Int(count) * 16 == reader.remaining else { throw .init("a STARTED frame lied about its count") }
      var started: [(item: ItemID, microseconds: Int64)] = []
      for _ in 0..<count { started.append((ItemID(raw: try reader.integer()), try reader.integer())) }
      return .started(started)
    case CARILLON_FRAME_LOG:
      let item = try item(&reader)
      let level = LogLevel(rawValue: try reader.integer()) ?? .info
      return .log(item: item, level: level, message: try reader.text(atMost: maxText, "a log line"))
    case CARILLON_FRAME_PROGRESS:
      return .progress(item: try item(&reader), done: try reader.integer(), total: try reader.integer())
    case CARILLON_FRAME_EVENT:
      return .event(
        item: try item(&reader), type: try reader.text(atMost: 1_024, "an event's type"),
        json: try reader.text(atMost: maxDocument, "an event"))
    case CARILLON_FRAME_ARTIFACT:
      _ = try item(&reader)
      let bytes = try reader.integer(UInt64.self)
      return .artifact(
        name: try reader.text(atMost: 128, "an artifact's name"),
        mediaType: try reader.text(atMost: 1_024, "an artifact's media type"), bytes: Int64(clamping: bytes))
    case CARILLON_FRAME_REQUEST: return .request(id: frame.id, try request(&reader))
    case CARILLON_FRAME_PONG:
      return .pong(
        call: try reader.integer(), since: .microseconds(Int64(clamping: try reader.integer(UInt64.self))),
        openItems: Int(try reader.integer(UInt32.self)))
    default: return try decodeCall(frame, from: &reader)
    }
  }

  /// The frames of a plugin's life: few, and each once a call.
  private static func decodeCall(
    _ frame: FrameReader.Frame, from reader: inout BodyReader
  ) throws(FrameReader.Violation) -> WorkerEvent? {
    switch frame.type {
    case CARILLON_FRAME_HELLO:
      let version = try reader.integer(UInt32.self)
      _ = try reader.integer(UInt32.self)  // the host's ABI version, which its build shares with ours
      return .hello(framesVersion: version)
    case CARILLON_FRAME_LOADED:
      let major = try reader.integer(UInt16.self)
      let minor = try reader.integer(UInt16.self)
      let calls = try reader.integer(UInt32.self)
      return .loaded(
        LoadedPlugin(
          abiMajor: Int(major), abiMinor: Int(minor), hasCheck: calls & CARILLON_HAS_CHECK != 0,
          hasFinish: calls & CARILLON_HAS_FINISH != 0,
          manifestJSON: try reader.data(atMost: maxValue, "a manifest")))
    case CARILLON_FRAME_REFUSED:
      return .refused(rule: try reader.integer(), message: try reader.text(atMost: maxText, "a refusal"))
    case CARILLON_FRAME_DIAGNOSTIC:
      return .diagnostic(
        PluginDiagnostic(
          isError: try reader.integer(UInt32.self) != 0, pointer: try reader.text(atMost: maxText, "a JSON pointer"),
          message: try reader.text(atMost: maxText, "a diagnostic")))
    case CARILLON_FRAME_CHECKED: return .checked(isValid: try reader.integer(UInt32.self) == 0)
    case CARILLON_FRAME_CREATED: return .created(try result(&reader))
    case CARILLON_FRAME_CHECKPOINT: return .checkpoint(try reader.data(atMost: maxValue, "a checkpoint"))
    case CARILLON_FRAME_DISCOVERED: return .discovered(try result(&reader))
    case CARILLON_FRAME_REPORT: return .report(try reader.text(atMost: maxDocument, "a report"))
    case CARILLON_FRAME_FINISHED: return .finished(try result(&reader))
    case CARILLON_FRAME_BYE: return .bye
    default:
      if frame.isCritical { throw .init("it sent a critical frame of unknown type \(frame.type)") }
      return nil
    }
  }

  private static func item(_ reader: inout BodyReader) throws(FrameReader.Violation) -> ItemID? {
    let raw = try reader.integer(Int64.self)
    return raw == 0 ? nil : ItemID(raw: raw)
  }

  private static func result(_ reader: inout BodyReader) throws(FrameReader.Violation) -> CallResult {
    let status = try reader.integer(UInt32.self)
    let error = try reader.text(atMost: maxText, "an error")
    switch status {
    case 0: return .done
    case 3: return .cancelled
    default: return .failed(error.isEmpty ? "the plugin gave no reason" : error)
    }
  }

  private static func request(_ reader: inout BodyReader) throws(FrameReader.Violation) -> WorkerRequest {
    let what = try reader.integer(UInt32.self)
    let key = try reader.text(atMost: maxText, "a request's key")
    let value = try reader.data(atMost: maxValue, "a request's value")
    switch what {
    case CARILLON_REQUEST_CHECKPOINT_GET: return .checkpointGet(key: key)
    case CARILLON_REQUEST_CHECKPOINT_PUT: return .checkpointPut(key: key, value: value)
    case CARILLON_REQUEST_SECRET: return .secret(name: key)
    case CARILLON_REQUEST_RESULTS:
      guard value.count == 8 else { throw .init("a request for results had no cursor") }
      return .results(cursor: value.reversed().reduce(0) { $0 << 8 | UInt64($1) })
    default: throw .init("it made a request of unknown kind \(what)")
    }
  }

  private static func items(
    _ reader: inout BodyReader, _ body: UnsafeRawBufferPointer
  ) throws(FrameReader.Violation) -> WorkerEvent {
    let parent = try item(&reader)
    let count = Int(try reader.integer(UInt32.self))
    guard count * 12 <= reader.remaining else { throw .init("an ITEMS frame lied about its count") }
    var entries: [NewItems.Entry] = []
    entries.reserveCapacity(count)
    for _ in 0..<count {
      let priority = try reader.integer(Int32.self)
      let keyLength = try reader.integer(UInt32.self)
      let payloadLength = try reader.integer(UInt32.self)
      let key = try reader.range(keyLength, atMost: 1_024, "an item's key")
      try reader.requireKey(key)
      let payload = try reader.range(payloadLength, atMost: maxValue, "an item's payload")
      entries.append(NewItems.Entry(priority: priority, key: key, payload: payload))
    }
    return .items(NewItems(bytes: [UInt8](body), entries: entries), parent: parent)
  }

  private static func outcomes(
    _ reader: inout BodyReader, _ body: UnsafeRawBufferPointer
  ) throws(FrameReader.Violation) -> Outcomes {
    let count = Int(try reader.integer(UInt32.self))
    guard count * 44 <= reader.remaining else { throw .init("an OUTCOMES frame lied about its count") }
    var bytes = [UInt8](body)
    var entries: [Outcomes.Entry] = []
    entries.reserveCapacity(count)
    for _ in 0..<count {
      let item = ItemID(raw: try reader.integer())
      let kind = OutcomeKind(rawValue: try reader.integer()) ?? .retry
      let after = try reader.integer(Int64.self)
      let duration = try reader.integer(Int64.self)
      let reasonLength = try reader.integer(UInt32.self)
      let outputLength = try reader.integer(UInt32.self)
      let effectLength = try reader.integer(UInt32.self)
      let dependencyLength = try reader.integer(UInt32.self)
      let reason = try reader.range(reasonLength, atMost: maxText, "a reason")
      let output = try reader.range(outputLength, atMost: maxDocument, "an output")
      let effect = try reader.range(effectLength, atMost: maxDocument, "an effect")
      let dependency = try reader.range(dependencyLength, atMost: maxText, "a dependency")
      var entry = Outcomes.Entry(
        item: item, kind: kind, afterMicroseconds: after, durationMicroseconds: max(0, duration), reason: reason,
        output: output, effect: effect, dependency: dependency)
      entry.reason = reader.repaired(reason, into: &bytes)
      entry.output = reader.repaired(output, into: &bytes)
      entry.effect = reader.repaired(effect, into: &bytes)
      entry.dependency = reader.repaired(dependency, into: &bytes)
      entries.append(entry)
    }
    return Outcomes(bytes: bytes, entries: entries)
  }
}
