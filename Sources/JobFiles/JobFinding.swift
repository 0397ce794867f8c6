/// A place in a text file.
package struct SourceMark: Hashable, Comparable, Sendable {
  /// From 1.
  package var line: Int
  /// From 1, counted in Unicode scalars.
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package static func < (left: SourceMark, right: SourceMark) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// Something wrong, or doubtful, in a job file.
package struct JobFinding: Hashable, Sendable, CustomStringConvertible {
  /// Only a finding that is an error keeps the job from running.
  package var isError = true
  /// As the file was named by the caller.
  package var file: String
  /// nil: the whole file, or something that stands in no file, as an option of the command line.
  package var mark: SourceMark?
  /// The dotted path of the key (`retry.max_attempts`, `config.sizes[0].width`); empty for the whole document.
  package var key: String
  /// The job's name, once it is known.
  package var job: String?
  package var message: String

  package init(
    isError: Bool = true, file: String, mark: SourceMark? = nil, key: String = "", job: String? = nil, message: String
  ) {
    self.isError = isError
    self.file = file
    self.mark = mark
    self.key = key
    self.job = job
    self.message = message
  }

  /// `jobs/a.yaml:3:5: retry.base: message`, the form that editors and compilers use.
  package var description: String {
    let place = mark.map { "\(file):\($0.line):\($0.column)" } ?? file
    return "\(place): \(isError ? "" : "warning: ")\(key.isEmpty ? "" : "\(key): ")\(message)"
  }
}
