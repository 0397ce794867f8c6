import Engine
import Foundation
import JobFiles
import JobModel
import WorkerPool

/// Has plugins check the configurations of jobs: many of one plugin in one process, and none a second time that has not changed.
actor PluginCheck {
  /// What was checked, and is not checked again: a library's file and a configuration.
  private struct Subject: Hashable {
    var library: String
    var file: FileIdentity
    var config: [UInt8]
  }

  /// Configurations that one process is asked about.
  private static let pieceSize = 256
  /// Processes at once.
  private static let width = 4
  /// A plugin that is not done with a piece by then is killed; a job's own `timeouts.load` where that is longer.
  private static let leastTimeout = Duration.seconds(30)

  private let engine: Engine
  /// Subjects that the plugin had nothing to say of, by their hashes: a hundred thousand configurations are not kept for this. One that
  /// is mistaken for another is found out by its run.
  private var sound: Set<Int> = []
  /// … that it had something to say of.
  private var flawed: [Int: [PluginDiagnostic]] = [:]

  init(engine: Engine) { self.engine = engine }

  /// With a plugin's path from the working directory made absolute.
  static func anchored(_ job: JobDefinition) -> JobDefinition {
    var job = job
    if job.plugin.contains("/"), !job.plugin.hasPrefix("/") {
      job.plugin = URL(fileURLWithPath: job.plugin).standardizedFileURL.path
    }
    return job
  }

  /// What the plugins find, or that they cannot be asked, at the places in the jobs' files; and what to `forget` not.
  func findings(of jobs: [JobFile]) async -> (findings: [JobFinding], subjects: [Int]) {
    var findings: [JobFinding] = []
    var subjects: [(job: JobFile, subject: Subject)] = []
    for job in jobs {
      if Self.holdsSecrets(job.definition.config) {
        findings += await ask(about: job)
        continue
      }
      switch subject(of: job) {
      case .success(let subject): subjects.append((job, subject))
      case .failure(let error): findings.append(Self.unasked(job, error))
      }
    }
    let fresh = subjects.filter { !isKnown($0.subject.hashValue) }
    var failed: [Subject: WorkerPoolError] = [:]
    for (subject, result) in await ask(fresh) {
      switch result {
      case .success(let diagnostics) where diagnostics.isEmpty: sound.insert(subject.hashValue)
      case .success(let diagnostics): flawed[subject.hashValue] = diagnostics
      case .failure(let error): failed[subject] = error
      }
    }
    for (job, subject) in subjects {
      if let error = failed[subject] { findings.append(Self.unasked(job, error)) }
      findings += (flawed[subject.hashValue] ?? []).map {
        job.finding(isError: $0.isError, pointer: $0.pointer, message: $0.message)
      }
    }
    return (findings, subjects.map(\.subject.hashValue))
  }

  private func isKnown(_ subject: Int) -> Bool { sound.contains(subject) || flawed[subject] != nil }

  /// Only what is in the files now is remembered.
  func forget(allBut subjects: Set<Int>) {
    sound.formIntersection(subjects)
    flawed = flawed.filter { subjects.contains($0.key) }
  }

  private static func unasked(_ job: JobFile, _ error: WorkerPoolError) -> JobFinding {
    JobFinding(
      file: job.path, mark: job.pluginMark, key: "plugin", job: job.definition.name, message: error.message)
  }

  private func subject(of job: JobFile) -> Result<Subject, WorkerPoolError> {
    do throws(WorkerPoolError) {
      let path = try engine.catalog.resolve(Self.anchored(job.definition).plugin)
      guard let file = FileIdentity(path: path) else {
        throw WorkerPoolError(.notFound, "\(path): the plugin's library is gone")
      }
      return .success(Subject(library: path, file: file, config: job.definition.config.canonicalJSON()))
    } catch {
      return .failure(error)
    }
  }

  /// Only the engine puts secrets in; what was found of such a configuration is not remembered.
  private static func holdsSecrets(_ config: JSONValue) -> Bool {
    switch config {
    case .string(let text): text.contains("${secret:")
    case .array(let values): values.contains(where: holdsSecrets)
    case .object(let members): members.values.contains(where: holdsSecrets)
    default: false
    }
  }

  private func ask(about job: JobFile) async -> [JobFinding] {
    do throws(EngineError) {
      return try await engine.check(Self.anchored(job.definition)).findings.map {
        job.finding(isError: $0.isError, pointer: $0.pointer, message: $0.message)
      }
    } catch {
      let mark = error.code == .config ? nil : job.pluginMark
      return [
        JobFinding(
          file: job.path, mark: mark, key: error.code == .config ? "config" : "plugin", job: job.definition.name,
          message: error.message)
      ]
    }
  }

  private typealias Verdicts = [(Subject, Result<[PluginDiagnostic], WorkerPoolError>)]

  /// Asks about all, a few processes at a time.
  private func ask(_ fresh: [(job: JobFile, subject: Subject)]) async -> Verdicts {
    var pieces: [(subjects: [Subject], timeout: Duration)] = []
    for (_, same) in Dictionary(grouping: fresh, by: \.subject.library).sorted(by: { $0.key < $1.key }) {
      var seen: Set<Subject> = []
      let unique = same.filter { seen.insert($0.subject).inserted }
      let timeout = max(Self.leastTimeout, unique.map(\.job.definition.timeouts.load).max() ?? .zero)
      for start in stride(from: 0, to: unique.count, by: Self.pieceSize) {
        pieces.append((unique[start..<min(start + Self.pieceSize, unique.count)].map(\.subject), timeout))
      }
    }
    let pool = engine.pool
    return await withTaskGroup(of: Verdicts.self) { group in
      var verdicts: Verdicts = []
      var waiting = pieces[...]
      for _ in 0..<Self.width {
        guard let piece = waiting.popFirst() else { break }
        group.addTask { await Self.ask(piece.subjects, piece.timeout, pool) }
      }
      while let part = await group.next() {
        verdicts += part
        if !Task.isCancelled, let piece = waiting.popFirst() {
          group.addTask { await Self.ask(piece.subjects, piece.timeout, pool) }
        }
      }
      return verdicts
    }
  }

  /// Asks one process about some; when that fails, about each by itself, so that one that kills the plugin is found.
  private static func ask(_ subjects: [Subject], _ timeout: Duration, _ pool: WorkerPool) async -> Verdicts {
    do throws(WorkerPoolError) {
      let (_, diagnostics) = try await pool.check(
        pluginPath: subjects[0].library, configs: subjects.map(\.config), timeout: timeout)
      return zip(subjects, diagnostics).map { ($0, .success($1)) }
    } catch {
      switch error.code {
      case .died where subjects.count > 1, .timeout where subjects.count > 1:
        var verdicts: Verdicts = []
        for subject in subjects { verdicts += await ask([subject], timeout, pool) }
        return verdicts
      default: return subjects.map { ($0, .failure(error)) }
      }
    }
  }
}
