/// The statements about runs.
enum RunSQL {
  static let insert = """
    INSERT INTO run (id, job, trigger, is_plan, state, created_us, not_before_us, due_us)
    VALUES (:id, :job, :trigger, :isPlan, 0, :createdAt, :notBefore, :dueAt)
    """

  static let insertDocument = """
    INSERT INTO run_document (run, definition, event, only_keys) VALUES (:run, :definition, :event, :onlyKeys)
    """

  private static let select = "SELECT * FROM run JOIN run_document ON run_document.run = run.number"

  static let isTaken = "SELECT 1 FROM run WHERE id = ?"
  static let byNumber = "\(select) WHERE number = ?"
  static let byID = "\(select) WHERE id = ?"
  static let last = "\(select) ORDER BY number DESC LIMIT 1"

  /// Up to six ids that begin or end with a text: one more than a message names.
  static let idsLike = """
    SELECT id FROM run
    WHERE substr(id, 1, length(:part)) = :part OR substr(id, -length(:part)) = :part
    ORDER BY number DESC LIMIT 6
    """

  /// :before, :job, :limit; the states are whole numbers of the model. Runs that have not ended have an index that holds just
  /// them.
  static func list(ofJob: Bool, states: [Int], areOpen: Bool) -> String {
    let open = areOpen ? "AND finished_us IS NULL" : ""
    let job = ofJob ? "AND job = :job" : ""
    let state = states.isEmpty ? "" : "AND state IN (\(states.map(String.init).joined(separator: ", ")))"
    return "\(select) WHERE number < :before \(open) \(job) \(state) ORDER BY number DESC LIMIT :limit"
  }

  /// A run that is reopened has no error, and its items may be pruned anew.
  static let move = """
    UPDATE run
    SET state = :to,
        started_us = coalesce(started_us, :at),
        finished_us = CASE WHEN :isFinal THEN :at END,
        error = CASE WHEN :reopens THEN :error ELSE coalesce(:error, error) END,
        is_discovered = is_discovered OR :marksDiscovered,
        items_pruned = items_pruned AND NOT :reopens
    WHERE number = :run AND state = :from
    """

  static let setReport = "UPDATE run_document SET report = :report WHERE run = :run"

  static let nextPlace = "SELECT next_place FROM run WHERE number = ?"
  static let definition = "SELECT definition FROM run_document WHERE run = ?"
  static let idOfRun = "SELECT id FROM run WHERE number = ?"

  /// What a transaction changed of a run's items.
  static let count = """
    UPDATE run
    SET available = available + :available, retrying = retrying + :retrying, succeeded = succeeded + :succeeded,
        skipped = skipped + :skipped, dead = dead + :dead, poisoned = poisoned + :poisoned,
        cancelled = cancelled + :cancelled, duplicate_keys = duplicate_keys + :duplicateKeys,
        stale_outcomes = stale_outcomes + :staleOutcomes
    WHERE number = :run
    """

  static let advance = """
    UPDATE run SET next_place = :nextPlace, checkpoint = coalesce(:checkpoint, checkpoint) WHERE number = :run
    """
}
