import Foundation
import JobModel

/// A job in force, as the agenda's entries share it. Belongs to the scheduler.
final class ScheduledJob {
  let name: String
  /// nil: no job file has it any more; only what came due before is judged.
  var policies: SchedulingPolicies? { shared?.values }
  /// Its entries in the agenda.
  var entries: Range<Int> = 0..<0

  private let shared: SharedPolicies?
  /// nil while it is packed: all that is kept then is its text on the shelf, a tenth as large.
  private var definition: Opened?

  private final class Opened {
    let definition: JobDefinition
    /// As the store keeps it with each run; nil: not yet written.
    var json: String?
    init(_ definition: JobDefinition) { self.definition = definition }
  }

  /// Where its text is on the shelf; empty: it was never packed.
  private var place: Range<UInt32> = 0..<0

  /// A job in force.
  init(_ definition: JobDefinition, _ policies: SharedPolicies) {
    name = definition.name
    shared = policies
    self.definition = Opened(definition)
  }

  /// A job that is gone.
  init(gone name: String) {
    self.name = name
    shared = nil
  }

  var isPacked: Bool { definition == nil && policies != nil }

  /// Keeps only the text, which goes to the end of `texts` if it is not there.
  func pack(into texts: inout [UInt8]) throws(EngineError) {
    guard definition != nil else { return }
    if place.isEmpty {
      let json = try json(texts)
      let start = texts.count
      texts.append(contentsOf: json.utf8)
      guard let first = UInt32(exactly: start), let end = UInt32(exactly: texts.count) else {
        throw EngineError(.config, "the job files take more than 4 GiB")
      }
      place = first..<end
    }
    definition = nil
  }

  /// The definition, of which no more is kept than was.
  func look(_ texts: [UInt8]) throws(EngineError) -> JobDefinition {
    if let definition { return definition.definition }
    do {
      return try JSONDecoder().decode(JobDefinition.self, from: Data(texts[Int(place.lowerBound)..<Int(place.upperBound)]))
    } catch {
      throw EngineError(.config, "the definition of \(name) cannot be read back: \(error)", cause: error)
    }
  }

  /// The definition, which is kept open.
  func open(_ texts: [UInt8]) throws(EngineError) -> JobDefinition {
    if let definition { return definition.definition }
    let opened = Opened(try look(texts))
    definition = opened
    return opened.definition
  }

  /// The definition as JSON.
  func json(_ texts: [UInt8]) throws(EngineError) -> String {
    if let known = definition?.json { return known }
    if !place.isEmpty {
      let text = String(decoding: texts[Int(place.lowerBound)..<Int(place.upperBound)], as: UTF8.self)
      definition?.json = text
      return text
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      let text = String(decoding: try encoder.encode(try look(texts)), as: UTF8.self)
      definition?.json = text
      return text
    } catch {
      throw EngineError(.config, "the definition of \(name) cannot be written as JSON: \(error)", cause: error)
    }
  }

  /// The definition if it is open.
  var opened: JobDefinition? { definition?.definition }
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
