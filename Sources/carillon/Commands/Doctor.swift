import ArgumentParser

/// Looks at everything that a run needs.
struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Look at everything that a run needs, and say what is wrong.",
    discussion:
      "Checks the state directory, the store's integrity, its lock, the host, plugin folders, job files, and disk space.")

  @OptionGroup var global: GlobalOptions

  private struct Document: Encodable {
    struct Entry: Encodable { var check: String, result: String, message: String }

    var healthy: Bool
    var checks: [Entry]
  }

  func run() async throws {
    let findings = await Examination(installation: Installation(global)).all()
    let worst = findings.first { $0.result == .failed }
    if global.json {
      try global.console.print(
        json: Document(
          healthy: worst == nil,
          checks: findings.map { .init(check: $0.check, result: $0.result.rawValue, message: $0.message) }))
    } else {
      for finding in findings {
        let color: Console.Color = finding.result == .ok ? .green : finding.result == .warning ? .yellow : .red
        let mark = global.console.colored(finding.result.label, color)
        try global.console.print("\(mark) \(finding.check): \(Words.printable(finding.message))")
      }
    }
    if let worst {
      throw CommandError(worst.status, "\(Words.count(findings.count { $0.result == .failed }, "check")) failed")
    }
  }
}
