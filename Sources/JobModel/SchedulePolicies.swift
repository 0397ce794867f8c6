/// What happens at a due instant while an earlier run of the job has not ended.
package enum OverlapPolicy: String, Sendable, Codable, CaseIterable {
  /// No run; the instant's fate is `skippedOverlap`. The default.
  case skip
  /// A run that waits, unless one waits already.
  case queueOne
  /// A run that waits; runs of the job go one after another.
  case queueAll
  /// The earlier runs are cancelled, waiting ones too; the new one begins when they have ended.
  case cancelOther
  /// A run at once, beside the others.
  case allow
}

/// Which of several instants that went by without a run are made up for.
package enum Backlog: String, Sendable, Codable, CaseIterable {
  case none
  /// The last one only.
  case latest
  /// Each, oldest first, one after another.
  case all
}

/// What becomes of instants that came due while no daemon ran, or that a jump of the clock left out.
package struct CatchUpPolicy: Hashable, Sendable, Codable {
  /// Default latest.
  package var backlog = Backlog.latest
  /// Instants that are older than this are never caught up. Default 24 h.
  package var within = Duration.seconds(86_400)
  /// Time between the beginnings of two runs that are caught up. Default 0.
  package var pace = Duration.zero

  package init(backlog: Backlog = .latest, within: Duration = .seconds(86_400), pace: Duration = .zero) {
    self.backlog = backlog
    self.within = within
    self.pace = pace
  }
}
