/// Why job files could not be read, or a job could not be had from them.
package struct JobFileError: Error, CustomStringConvertible {
  package enum Code: String, Sendable {
    /// The file or folder cannot be read.
    case unreadable
    /// The file is not a valid job file; `findings` has every reason.
    case invalid
    /// No job of that name.
    case notFound
    /// An override that does not fit the configuration.
    case override
  }

  package var code: Code
  /// What happened, to what, and what to do.
  package var message: String
  /// In the order of the files and of the places in them.
  package var findings: [JobFinding]

  package init(_ code: Code, _ message: String, findings: [JobFinding] = []) {
    self.code = code
    self.message = message
    self.findings = findings
  }

  package var description: String { message }
}
