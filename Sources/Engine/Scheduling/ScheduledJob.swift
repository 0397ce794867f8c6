import Foundation
import JobModel

/// A job in force, as the agenda's entries share it. Belongs to the scheduler.
final class ScheduledJob {
  let name: String
  /// nil: no job file has it any more; only what came due before is judged.
  var policies: SchedulingPolicies? { shared?.values }
  /// Its entries in the agenda.
  var entries: Range<Int32> = 0..<0

  private let shared: SharedPolicies?
  /// nil while it is packed: all that is kept then is its text on the shelf, a tenth as large.
  private(set) var opened: OpenJob?
  /// As the store keeps the definition with each run; nil: not yet written, or packed.
  private var text: String?
  /// Where its text is on the shelf; empty: it was never packed.
  private var place: PackedTexts.Place = 0..<0

  /// A job in force.
  init(_ job: PreparedJobs.Job) {
    name = job.name
    shared = job.policies
    switch job.definition {
    case .open(let open): opened = open
    case .packed(let place): self.place = place
    }
  }

  /// A job that is gone.
  init(gone name: String) {
    self.name = name
    shared = nil
  }

  var isPacked: Bool { opened == nil && policies != nil }

  /// Keeps only the text, which goes to the end of `texts` if it is not there.
  func pack(into texts: inout PackedTexts) throws(EngineError) {
    guard opened != nil else { return }
    if place.isEmpty { place = try texts.add(json(texts).utf8) }
    self.opened = nil
    text = nil
  }

  /// The definition, of which no more is kept than was.
  func look(_ texts: PackedTexts) throws(EngineError) -> JobDefinition {
    if let opened { return opened.definition }
    do { return try JSONDecoder().decode(JobDefinition.self, from: Data(texts[place])) } catch {
      throw EngineError(.config, "the definition of \(name) cannot be read back: \(error)", cause: error)
    }
  }

  /// The definition, which is kept open.
  func open(_ texts: PackedTexts) throws(EngineError) -> JobDefinition {
    if let opened { return opened.definition }
    let definition = try look(texts)
    opened = OpenJob(definition)
    return definition
  }

  /// The definition as JSON.
  func json(_ texts: PackedTexts) throws(EngineError) -> String {
    if let text { return text }
    guard let opened else { return String(decoding: texts[place], as: UTF8.self) }
    let new = place.isEmpty ? try opened.json() : String(decoding: texts[place], as: UTF8.self)
    text = new
    return new
  }

  /// Its text on the shelf; nil: it was never packed.
  func packed(_ texts: PackedTexts) -> ArraySlice<UInt8>? { place.isEmpty ? nil : texts[place] }
}

/// A job's definition in memory of its own.
final class OpenJob: Sendable {
  let definition: JobDefinition

  init(_ definition: JobDefinition) { self.definition = definition }

  func json() throws(EngineError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do { return String(decoding: try encoder.encode(definition), as: UTF8.self) } catch {
      throw EngineError(.config, "the definition of \(definition.name) cannot be written as JSON: \(error)", cause: error)
    }
  }
}

/// What the fate of a job's instants depends on.
struct SchedulingPolicies: Hashable, Sendable {
  let catchUp: CatchUpPolicy
  let overlap: OverlapPolicy
  let afterPause: Backlog

  init(_ job: JobDefinition) {
    catchUp = job.catchUp
    overlap = job.overlap
    afterPause = job.afterPause
  }
}

/// One value for all jobs that have the same.
final class SharedPolicies: Sendable {
  let values: SchedulingPolicies
  init(_ values: SchedulingPolicies) { self.values = values }
}
