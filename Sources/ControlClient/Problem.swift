import ControlAPI
import Foundation

/// An answer that says why something was not done.
enum Problem {
  /// The error that an answer other than 2xx stands for.
  /// - Parameter body: whatever came with it; need not be a problem document.
  static func error(status: UInt, body: Data) -> ControlError {
    let problem: ProblemDocument
    do {
      problem = try ControlJSON.decoder.decode(ProblemDocument.self, from: body)
    } catch {
      return ControlError(code(status: status), "the daemon answered with HTTP status \(status), and without a reason")
    }
    let prefix = ProblemDocument.typePrefix
    let name = problem.type.hasPrefix(prefix) ? String(problem.type.dropFirst(prefix.count)) : ""
    return ControlError(
      ControlError.Code(rawValue: name) ?? code(status: status), problem.detail, findings: problem.findings ?? [])
  }

  /// For one of HTTP's own problems, and for a server that is none of ours.
  private static func code(status: UInt) -> ControlError.Code {
    ControlError.Code.allCases.first { UInt($0.status) == status } ?? ((400..<500).contains(status) ? .malformed : .fault)
  }
}
