import Foundation
import JobImport

/// Writes imported jobs, all or none, and says what there is to know of them.
struct ImportSink {
  let options: ImportOptions
  let global: GlobalOptions

  private struct Document: Encodable {
    struct Job: Encodable {
      var name: String
      var file: String?
      var source: String
      var line: Int
      var yaml: String?
    }
    struct Note: Encodable {
      var severity: String
      var file: String
      var line: Int
      var message: String
    }
    var dryRun: Bool
    var folder: String
    var jobs: [Job]
    var notes: [Note]
  }

  /// Throws `invalidData` when something is broken and is not to be skipped, `cannotCreate` when a file is there already.
  func take(_ result: Import) throws {
    let folder = Installation.absolute(options.output ?? Installation(global).jobsFolder)
    let words = result.notes.map { Words.printable($0.description) }
    guard result.broken.isEmpty || options.skipsBroken else {
      throw CommandError(
        .invalidData,
        "\(Words.count(result.broken.count, "error")); nothing is written (--skip-broken leaves out what cannot be read)",
        details: words)
    }
    let files = result.jobs.map { (path: "\(folder)/\($0.name).yaml", text: $0.yaml) }
    if !options.isDryRun { try write(files, into: folder) }
    if global.json {
      let jobs = zip(result.jobs, files).map { job, file in
        Document.Job(
          name: job.name, file: options.isDryRun ? nil : file.path, source: job.file, line: job.line,
          yaml: options.isDryRun ? job.yaml : nil)
      }
      let notes = result.notes.map {
        Document.Note(severity: $0.isBroken ? "error" : "note", file: $0.file, line: $0.line, message: $0.message)
      }
      return try global.console.print(json: Document(dryRun: options.isDryRun, folder: folder, jobs: jobs, notes: notes))
    }
    for line in words { StandardStream.error.write(line + "\n") }
    if options.isDryRun {
      try global.console.print(result.jobs.map(\.yaml).joined(separator: "---\n").trimmingCharacters(in: .newlines))
    } else {
      for file in files { try global.console.print(file.path) }
      try global.console.print(
        "\(Words.count(files.count, "job")) written. Next: look them over, carillon jobs check, and take their lines out of the "
          + "old table: until then both run.")
    }
  }

  private func write(_ files: [(path: String, text: String)], into folder: String) throws(CommandError) {
    let taken = files.map(\.path).filter { access($0, F_OK) == 0 }
    guard taken.isEmpty else {
      throw CommandError(
        .cannotCreate,
        taken.count == 1
          ? "\(taken[0]) is there already; nothing is written" : "\(taken.count) files are there already; nothing is written",
        details: taken.count == 1 ? [] : taken)
    }
    var written: [String] = []
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for file in files {
        try Data(file.text.utf8).write(to: URL(fileURLWithPath: file.path), options: .withoutOverwriting)
        written.append(file.path)
      }
    } catch {
      for path in written { unlink(path) }
      throw CommandError(.cannotCreate, "cannot write into \(folder): \(error.localizedDescription); nothing is written")
    }
  }
}

/// Files to be imported.
enum ImportSource {
  /// No crontab and no unit is longer.
  private static let maxBytes = 4 << 20

  /// The text of a file; `-` is standard input. Throws `notFound`, and `invalidData` for what is no text.
  static func text(_ file: String) throws(CommandError) -> String {
    let data: Data
    do {
      let handle = file == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
      data = try handle.read(upToCount: maxBytes + 1) ?? Data()
    } catch {
      throw CommandError(.notFound, "\(file) cannot be read: \(error.localizedDescription)")
    }
    guard data.count <= maxBytes else { throw CommandError(.invalidData, "\(file) is larger than \(maxBytes >> 20) MiB") }
    // Commands may hold names in any encoding, but a job file is UTF-8.
    guard let text = String(validating: data, as: UTF8.self) else {
      throw CommandError(.invalidData, "\(file) is not UTF-8; convert it first (iconv -f latin1 -t utf8)")
    }
    return text
  }
}
