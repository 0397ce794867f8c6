/// The statements about schedules, their instants and pauses.
enum ScheduleSQL {
  static let inForce = "SELECT * FROM schedule WHERE retired_us IS NULL"

  static func list(ofJob: Bool, includesRetired: Bool) -> String {
    """
    SELECT * FROM schedule
    WHERE \(includesRetired ? "1" : "retired_us IS NULL") \(ofJob ? "AND job = :job" : "") ORDER BY job, name
    """
  }

  /// A new schedule, or one that begins anew: because its spec has changed, or because it had been retired. Where the clock has been
  /// set back behind what it had been judged for, it begins there, so that no instant is judged twice; nor does it begin earlier when it changes once more.
  static let put = """
    INSERT INTO schedule (job, name, spec, since_us) VALUES (:job, :name, :spec, :at)
    ON CONFLICT (job, name) DO UPDATE
      SET spec = excluded.spec, since_us = max(excluded.since_us, coalesce(judged_us + 1, since_us)), judged_us = NULL,
        judged_slot = NULL, retired_us = NULL
    RETURNING *
    """

  /// What is about to be put in another's place, where stretches of it remain.
  static let keepRule = """
    INSERT INTO past_rule (schedule, since_us, judged_us, spec)
    SELECT number, since_us, judged_us, spec FROM schedule
    WHERE job = :job AND name = :name AND EXISTS
      (SELECT 1 FROM instant WHERE is_stretch AND schedule = number AND last_us BETWEEN since_us AND schedule.judged_us)
    """

  static let pastRules = """
    SELECT past_rule.* FROM past_rule JOIN schedule ON number = schedule WHERE job = ? ORDER BY schedule, past_rule.since_us
    """

  /// Those of which no stretch is left.
  static let pruneRules = """
    DELETE FROM past_rule WHERE NOT EXISTS
      (SELECT 1 FROM instant
       WHERE is_stretch AND schedule = past_rule.schedule AND last_us BETWEEN since_us AND past_rule.judged_us)
    """

  static let retire = "UPDATE schedule SET retired_us = :at WHERE number = :number"

  // MARK: Judging

  /// Changes a row only when the instant lies after the schedule's mark.
  static let advance = """
    UPDATE schedule SET judged_us = :last, judged_slot = :lastSlot
    WHERE number = :schedule AND (judged_us IS NULL OR (judged_us, judged_slot) < (:first, :firstSlot))
    """

  static let exists = "SELECT 1 FROM schedule WHERE number = ?"

  static let addInstant = """
    INSERT INTO instant (schedule, due_us, slot, is_stretch, last_us, last_slot, count, fate, judged_us, note, run)
    VALUES (:schedule, :first, :firstSlot, :isStretch, :last, :lastSlot, :count, :fate, :judgedAt, :note, :run)
    """

  /// The row that an instant has of its own.
  static let ownRow = "SELECT run FROM instant WHERE schedule = ? AND due_us = ? AND slot = ? AND is_stretch = 0"

  static let replaceInstant = """
    UPDATE instant SET fate = :fate, judged_us = :judgedAt, note = :note, run = :run
    WHERE schedule = :schedule AND due_us = :first AND slot = :firstSlot AND is_stretch = 0
    """

  /// The stretch that an instant lies in. Stretches of a schedule do not overlap, so the first that ends late enough is it, if any.
  static let stretchAround = """
    SELECT due_us, slot, count FROM
      (SELECT due_us, slot, count FROM instant INDEXED BY instant_stretch
       WHERE is_stretch AND schedule = :schedule AND last_us >= :first ORDER BY last_us LIMIT 2)
    WHERE (due_us, slot) <= (:first, :firstSlot)
    """

  static let shrinkStretch = """
    UPDATE instant SET count = count - 1 WHERE schedule = ? AND due_us = ? AND slot = ? AND is_stretch = 1
    """

  static let removeStretch = "DELETE FROM instant WHERE schedule = ? AND due_us = ? AND slot = ? AND is_stretch = 1"

  // MARK: The ledger for people

  private static let ledger = """
    SELECT instant.*, schedule.job, schedule.name, run.id AS run_id
    FROM instant JOIN schedule ON schedule.number = instant.schedule LEFT JOIN run ON run.number = instant.run
    """

  /// Rows behind the cursor (:due, :slot, :schedule, :stretch) in the listing's order, as many as :limit. SQLite enters the index at one
  /// end of the range of `due_us`, not at the cursor: the caller narrows it to what lies behind.
  private static func behindCursor(_ oldestFirst: Bool) -> String {
    let order = oldestFirst ? "ASC" : "DESC"
    return """
      AND (instant.due_us, instant.slot, instant.schedule, is_stretch)
        \(oldestFirst ? ">" : "<") (:cursorDue, :cursorSlot, :cursorSchedule, :cursorStretch)
      ORDER BY instant.due_us \(order), instant.slot \(order), instant.schedule \(order), is_stretch \(order) LIMIT :limit
      """
  }

  private static func narrowed(_ ofSchedule: Bool, _ fates: [Int]) -> String {
    let fate = fates.isEmpty ? "" : " AND fate IN (\(fates.map(String.init).joined(separator: ", ")))"
    return (ofSchedule ? "AND instant.schedule = :schedule" : "") + fate
  }

  /// :from, :to, the cursor, :limit, and :schedule for that of one
  static func instants(ofSchedule: Bool, fates: [Int], oldestFirst: Bool) -> String {
    """
    \(ledger)
    WHERE instant.due_us < :to AND instant.due_us >= :from \(narrowed(ofSchedule, fates)) \(behindCursor(oldestFirst))
    """
  }

  /// Stretches that reach over the beginning of what is asked for. As above, but for :to.
  static func stretchesInto(ofSchedule: Bool, fates: [Int], oldestFirst: Bool) -> String {
    """
    \(ledger)
    WHERE is_stretch AND instant.due_us < :from AND instant.last_us >= :from \(narrowed(ofSchedule, fates))
      \(behindCursor(oldestFirst))
    """
  }

  static let countOldInstants = "SELECT count(*) FROM instant INDEXED BY instant_judged WHERE judged_us < ?"

  static let pruneInstants = """
    DELETE FROM instant WHERE (schedule, due_us, slot, is_stretch) IN
      (SELECT schedule, due_us, slot, is_stretch FROM instant INDEXED BY instant_judged WHERE judged_us < :before LIMIT :limit)
    """

  // MARK: Pauses

  static let pause = """
    INSERT INTO pause (job, since_us, note) VALUES (:job, :at, :note)
    ON CONFLICT (job) DO UPDATE SET note = excluded.note
    RETURNING job, since_us, note
    """

  static let endPause = "DELETE FROM pause WHERE job = ? RETURNING job, since_us, note"
  static let pauses = "SELECT job, since_us, note FROM pause ORDER BY job"
}
