/// The statements that remove finished rows, each a bounded piece.
enum PruneSQL {
  /// Ended runs whose done items are old enough to go.
  static let runsWithDoneItems = """
    SELECT number FROM run INDEXED BY run_finished
    WHERE finished_us IS NOT NULL AND finished_us <= :before AND items_pruned = 0 ORDER BY finished_us LIMIT :limit
    """

  /// Ended runs that are old enough to go whole.
  static let wholeRuns = """
    SELECT number FROM run INDEXED BY run_finished
    WHERE finished_us IS NOT NULL
      AND ((dead + poisoned = 0 AND finished_us <= :before) OR (dead + poisoned > 0 AND finished_us <= :failedBefore))
    ORDER BY finished_us LIMIT :limit
    """

  static let hasEnded = "SELECT finished_us IS NOT NULL FROM run WHERE number = ?"

  static let doneItems = """
    SELECT id FROM item NOT INDEXED WHERE id > :after AND id <= :upTo AND state IN (3, 4) ORDER BY id LIMIT :limit
    """

  static let anyItems = "SELECT id FROM item NOT INDEXED WHERE id > :after AND id <= :upTo ORDER BY id LIMIT :limit"

  static let removeAttempts = "DELETE FROM attempt WHERE item = ?"
  static let removeItem = "DELETE FROM item WHERE id = ?"

  static let markItemsPruned = "UPDATE run SET items_pruned = 1 WHERE number = ? AND finished_us IS NOT NULL"

  static let removeEvents = """
    DELETE FROM event WHERE number IN
      (SELECT event.number FROM event INDEXED BY event_run JOIN run ON run.number = event.run
       WHERE event.run = :run AND finished_us IS NOT NULL LIMIT :limit)
    """

  static let removeArtifacts = "DELETE FROM artifact WHERE run = ?"
  static let removeDocument = "DELETE FROM run_document WHERE run = ?"
  static let removeRun = "DELETE FROM run WHERE number = ? AND finished_us IS NOT NULL RETURNING id"

  static let removeExpiredClaims = """
    DELETE FROM unique_claim WHERE (job, key) IN
      (SELECT job, key FROM unique_claim INDEXED BY unique_claim_expires WHERE expires_us <= :at LIMIT :limit)
    """
}
