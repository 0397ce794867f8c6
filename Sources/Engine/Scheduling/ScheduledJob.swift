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
  /// The definition as the store keeps it with each run; nil: not yet written as JSON.
  private var text: String?
  /// nil while it is packed: all that is kept then is the text, which is a tenth as large.
  private var definition: Opened?

  private final class Opened {
    let definition: JobDefinition
    init(_ definition: JobDefinition) { self.definition = definition }
  }

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

  var isPacked: Bool { definition == nil }

  /// Whether another set has it the same.
  func isSame(_ other: ScheduledJob) throws(EngineError) -> Bool {
    if let definition, let others = other.definition { return definition.definition == others.definition }
    return try json() == other.json()
  }

  /// Keeps the text alone.
  func pack() throws(EngineError) {
    _ = try json()
    definition = nil
  }

  /// The definition, of which no more is kept than was.
  func look() throws(EngineError) -> JobDefinition {
    if let definition { return definition.definition }
    do { return try JSONDecoder().decode(JobDefinition.self, from: Data((text ?? "").utf8)) } catch {
      throw EngineError(.config, "the definition of \(name) cannot be read back: \(error)", cause: error)
    }
  }

  /// The definition, which is kept open.
  func open() throws(EngineError) -> JobDefinition {
    if let definition { return definition.definition }
    let opened = Opened(try look())
    definition = opened
    return opened.definition
  }

  /// The definition as JSON.
  func json() throws(EngineError) -> String {
    if let text { return text }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      let new = String(decoding: try encoder.encode(try look()), as: UTF8.self)
      text = new
      return new
    } catch {
      throw EngineError(.config, "the definition of \(name) cannot be written as JSON: \(error)", cause: error)
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
