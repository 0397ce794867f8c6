/// The statements of the hot paths, bound by number in `HotStatements` and `HotReads`.
enum ItemSQL {
  /// ?1 id, ?2 run, ?3 priority, ?4 key, ?5 payload. A key that the run has changes nothing.
  static let insert = """
    INSERT INTO item (id, run, state, priority, attempts, deaths, tries, pid, key, payload)
    VALUES (?1, ?2, 0, ?3, 0, 0, 0, 0, ?4, ?5)
    ON CONFLICT (run, key) DO NOTHING
    """

  /// An outcome of an item that the engine has leased, which the store holds as available. ?12: the attempts that the item is
  /// expected to have, ?13: 1 when the try goes into the history.
  static let record = """
    UPDATE item
    SET state = ?2, attempts = ?3, deaths = ?4, tries = tries + ?13, due_us = ?5, started_us = ?6, duration_us = ?7,
        pid = ?8, reason = ?9, output = ?10, effect = ?11
    WHERE id = ?1 AND state = 0 AND attempts = ?12
    """

  /// A leased item given back untried: what is known of its last try stays.
  static let giveBack = "UPDATE item SET attempts = ?2, deaths = ?3 WHERE id = ?1 AND state = 0 AND attempts = ?4"

  /// The try that `record` has just counted.
  static let recordTry = """
    INSERT INTO attempt (item, ordinal, attempt, cause, started_us, duration_us, pid, reason)
    SELECT id, tries, ?2, ?3, ?4, ?5, ?6, ?7 FROM item WHERE id = ?1
    """

  /// Keeps the newest 200 tries of an item.
  static let forgetOldTry = """
    DELETE FROM attempt WHERE item = ?1 AND ordinal <= (SELECT tries - 200 FROM item WHERE id = ?1)
    """

  static let insertEvent = "INSERT INTO event (run, item, type, json, created_us) VALUES (?1, ?2, ?3, ?4, ?5)"

  /// A retrying item whose instant has come.
  static let makeAvailable = "UPDATE item SET state = 0, due_us = NULL WHERE id = ?1"

  /// The columns that a `ReadyItems.Entry` is filled from.
  private static let readyColumns = "id, attempts, deaths, priority, key, payload"

  /// ?1 after this id, ?2 up to this id, ?3 limit.
  static let readyNormal = """
    SELECT \(readyColumns) FROM item NOT INDEXED
    WHERE id > ?1 AND id <= ?2 AND state = 0 AND priority = 0 ORDER BY id LIMIT ?3
    """

  /// ?1 run, ?2 limit.
  static let readyUrgent = """
    SELECT \(readyColumns) FROM item INDEXED BY item_priority
    WHERE run = ?1 AND state = 0 AND priority <> 0 AND priority > 0 ORDER BY priority DESC, id LIMIT ?2
    """

  /// ?1 run, ?2 limit.
  static let readyLow = """
    SELECT \(readyColumns) FROM item INDEXED BY item_priority
    WHERE run = ?1 AND state = 0 AND priority <> 0 AND priority < 0 ORDER BY priority DESC, id LIMIT ?2
    """

  /// ?1 run, ?2 due no later than, ?3 limit.
  static let due = """
    SELECT \(readyColumns) FROM item INDEXED BY item_due
    WHERE run = ?1 AND state = 2 AND due_us <= ?2 ORDER BY due_us, id LIMIT ?3
    """

  /// ?1 job, ?2 key, ?3 now, ?4 the least id of the run, ?5 the greatest: the item of another run that holds the key.
  static let claimant = """
    SELECT item FROM unique_claim WHERE job = ?1 AND key = ?2 AND expires_us > ?3 AND (item < ?4 OR item > ?5)
    """

  /// ?1 job, ?2 key, ?3 expires, ?4 item.
  static let claim = """
    INSERT INTO unique_claim (job, key, expires_us, item) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (job, key) DO UPDATE SET expires_us = excluded.expires_us, item = excluded.item
    """

  /// ?1 job, ?2 item: gives the item's claim back, if it still holds it.
  static let unclaim = """
    DELETE FROM unique_claim WHERE job = ?1 AND key = (SELECT key FROM item WHERE id = ?2) AND item = ?2
    """

  /// ?1 id, ?2 reason.
  static let skip = "UPDATE item SET state = 4, reason = ?2 WHERE id = ?1"
}
