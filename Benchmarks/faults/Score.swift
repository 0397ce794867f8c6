import ArgumentParser

/// What came of a campaign.
struct Score {
  let name: String
  private(set) var kills = 0
  private var lost = 0
  private var duplicated = 0
  private var problems: [String] = []

  init(name: String) { self.name = name }

  mutating func add(_ judge: Judge, kills: Int) {
    self.kills += kills
    lost += judge.lost
    duplicated += judge.duplicated
    problems += judge.problems
  }

  /// Prints every problem and, as the last line, the score; fails when anything was wrong.
  func finish() throws {
    for problem in problems.prefix(50) { print("WRONG \(problem)") }
    if problems.count > 50 { print("WRONG … and \(problems.count - 50) more") }
    print("{\"faults\":\"\(name)\",\"kills\":\(kills),\"lost\":\(lost),\"duplicated\":\(duplicated)}")
    if lost + duplicated + problems.count > 0 { throw ExitCode.failure }
  }
}
