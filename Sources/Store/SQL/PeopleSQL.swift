/// The statements about items that people and run ends ask for: a few, or in bounded pieces.
enum PeopleSQL {
  private static let columns = """
    id, run, state, priority, attempts, deaths, due_us, started_us, duration_us, pid, key, payload, reason, output, effect
    """

  /// :after, :upTo, :limit. Failures alone have an index that holds just them.
  static func items(states: [Int], areFailures: Bool) -> String {
    let index = areFailures ? "INDEXED BY item_failed" : "NOT INDEXED"
    let failures = areFailures ? "AND state IN (5, 6)" : ""
    let state = states.isEmpty ? "" : "AND state IN (\(states.map(String.init).joined(separator: ", ")))"
    return """
      SELECT \(columns) FROM item \(index)
      WHERE id > :after AND id <= :upTo \(failures) \(state) ORDER BY id LIMIT :limit
      """
  }

  static let itemByKey = "SELECT \(columns) FROM item WHERE run = :run AND key = :key"

  static let attempts = """
    SELECT ordinal, attempt, cause, started_us, duration_us, pid, reason FROM attempt WHERE item = ? ORDER BY ordinal
    """

  static let countByState = """
    SELECT state, count(*) AS items FROM item NOT INDEXED WHERE id > :after AND id <= :upTo GROUP BY state
    """

  static let nextDue = "SELECT min(due_us) FROM item INDEXED BY item_due WHERE run = ? AND state = 2"

  // MARK: Cancelling, in pieces of places

  /// Claims of the items that will be cancelled.
  static let unclaimOpen = """
    DELETE FROM unique_claim
    WHERE job = :job AND (key, item) IN
      (SELECT key, id FROM item NOT INDEXED WHERE id > :after AND id <= :upTo AND state IN (0, 2))
    """

  static let cancel = """
    UPDATE item NOT INDEXED SET state = 7, due_us = NULL WHERE id > :after AND id <= :upTo AND state = :state
    """

  // MARK: A person's retry

  static let failures = """
    SELECT id, key, state FROM item INDEXED BY item_failed
    WHERE id > :after AND id <= :upTo AND state IN (5, 6) ORDER BY id LIMIT :limit
    """

  static let failureByKey = "SELECT id, key, state FROM item WHERE run = :run AND key = :key AND state IN (5, 6)"

  /// The try that ended the item becomes one of its history: cause 3 (poison) or 1 (item).
  static let keepLastTry = """
    INSERT INTO attempt (item, ordinal, attempt, cause, started_us, duration_us, pid, reason)
    SELECT id, tries + 1, max(attempts, 1), CASE state WHEN 6 THEN 3 ELSE 1 END, started_us, duration_us, pid,
           coalesce(reason, '')
    FROM item WHERE id = :id AND started_us IS NOT NULL
    """

  static let retry = """
    UPDATE item
    SET state = 0, attempts = 0, deaths = 0, tries = tries + (started_us IS NOT NULL), due_us = NULL,
        payload = coalesce(:payload, payload)
    WHERE id = :id
    """

  /// A key that nobody holds is claimed again.
  static let reclaim = """
    INSERT INTO unique_claim (job, key, expires_us, item) VALUES (:job, :key, :expiresAt, :id)
    ON CONFLICT (job, key) DO UPDATE SET expires_us = excluded.expires_us, item = excluded.item
      WHERE unique_claim.expires_us <= :at
    """
}
