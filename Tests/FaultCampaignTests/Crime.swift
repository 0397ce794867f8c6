import Testing

/// One way in which a daemon could have gone wrong, done by hand to what a sound one left.
struct Crime: Sendable, CustomTestStringConvertible {
  /// What the judge must count it as.
  enum Count: Sendable { case lost, duplicated, unaccounted, none }

  var name: String
  /// To the store.
  var sql: [String] = []
  /// To the file that the plugin writes: lines behind it.
  var lines: [String] = []
  var counts: Count
  /// What the judge must say.
  var words: String

  var testDescription: String { name }

  private static let forged = """
    INSERT INTO run (number, id, job, trigger, is_plan, state, created_us, finished_us, is_discovered, succeeded, due_us)
    SELECT 1000, 'forged', job, trigger, is_plan, state, created_us, finished_us, is_discovered, succeeded,
    """

  static let all: [Crime] = instants + runs + items + witness

  static let instants = [
    Crime(
      name: "an instant has two rows",
      sql: [
        """
        INSERT INTO instant (schedule, due_us, slot, is_stretch, last_us, last_slot, count, fate, judged_us)
        SELECT schedule, due_us, 1, 0, last_us, 1, 1, 2, judged_us FROM instant WHERE fate = 0 LIMIT 1
        """
      ], counts: .duplicated, words: "instants have several rows"),
    Crime(
      name: "an instant has no row", sql: ["DELETE FROM instant WHERE is_stretch = 0 AND fate = 2 AND schedule = 1"],
      counts: .unaccounted, words: "1 of 14 instants have no row"),
    Crime(
      name: "a stretch is gone", sql: ["DELETE FROM instant WHERE is_stretch = 1 AND fate = 3 AND schedule = 1"],
      counts: .unaccounted, words: "4 of 14 instants have no row"),
    Crime(
      name: "a stretch stands for more than it covers",
      sql: ["UPDATE instant SET count = count + 1 WHERE is_stretch = 1 AND fate = 3 AND schedule = 1"],
      counts: .unaccounted, words: "a stretch stands for 5 instants and covers 4"),
    Crime(
      name: "a row is of no second",
      sql: ["UPDATE instant SET due_us = due_us + 1 WHERE is_stretch = 0 AND fate = 2 AND schedule = 1"],
      counts: .unaccounted, words: "which was never due"),
    Crime(
      name: "the last instants are not judged", sql: ["UPDATE schedule SET judged_us = judged_us - 2000000 WHERE number = 1"],
      counts: .unaccounted, words: "was retired at"),
    Crime(
      name: "a mark goes back", sql: ["UPDATE schedule SET judged_us = judged_us - 1000000 WHERE number = 1"], counts: .none,
      words: "and is now up to"),
    Crime(
      name: "missed, though it was on time",
      sql: ["UPDATE instant SET fate = 3 WHERE is_stretch = 0 AND fate = 2 AND schedule = 1"], counts: .none,
      words: "counts as late"),
    Crime(
      name: "fired, though it was late",
      sql: ["UPDATE instant SET judged_us = judged_us + 9000000 WHERE fate = 0 AND schedule = 1"], counts: .none,
      words: "has fate 0, judged at"),
    Crime(
      name: "missed, and nothing is caught up", sql: ["UPDATE instant SET judged_us = judged_us + 1 WHERE fate = 1"],
      counts: .none, words: "was missed, and nothing was caught up"),
    Crime(
      name: "a fate without a reason", sql: ["UPDATE instant SET fate = 5 WHERE fate = 2 AND schedule = 1"], counts: .none,
      words: "for which there was no reason"),
    Crime(
      name: "a schedule is not there", sql: ["DELETE FROM schedule WHERE number = 2"], counts: .unaccounted,
      words: "there are 1 schedules, and there should be 2"),
  ]

  static let runs = [
    Crime(
      name: "an instant is fired twice", sql: ["\(forged) due_us FROM run WHERE number = 1"], counts: .duplicated,
      words: "was fired 2 times for"),
    Crime(
      name: "an instant is fired twice, a moment apart", sql: ["\(forged) due_us + 250 FROM run WHERE number = 1"],
      counts: .duplicated, words: "was fired 2 times for"),
    Crime(
      name: "a run stands for nothing", sql: ["\(forged) NULL FROM run WHERE number = 1"], counts: .unaccounted,
      words: "run forged of no instant has no row in the ledger"),
    Crime(
      name: "a run stands for two instants",
      sql: ["UPDATE instant SET run = 1, fate = 0 WHERE is_stretch = 0 AND fate = 2 AND schedule = 1"], counts: .duplicated,
      words: "run number 1 stands for 2 instants"),
    Crime(
      name: "a row fired, and has no run", sql: ["UPDATE instant SET run = NULL WHERE fate = 1 AND schedule = 1"],
      counts: .unaccounted, words: "and there is no such run"),
    Crime(
      name: "a row that did not fire has a run", sql: ["UPDATE instant SET fate = 2 WHERE run = 1"], counts: .unaccounted,
      words: "has fate 2, and a run"),
    Crime(
      name: "a run is of another instant than its row", sql: ["UPDATE run SET due_us = due_us + 2000000 WHERE number = 1"],
      counts: .unaccounted, words: "and there is no such run"),
    Crime(
      name: "a run did not succeed", sql: ["UPDATE run SET state = 6 WHERE number = 1"], counts: .none,
      words: "ended in state 6"),
    Crime(name: "nothing ran", sql: ["DELETE FROM run", "DELETE FROM item"], counts: .lost, words: "nothing happened"),
  ]

  static let items = [
    Crime(
      name: "an item is lost", sql: ["DELETE FROM item WHERE run = 1 AND key = 'item-2'"], counts: .lost,
      words: "has 2 of its 3 items done"),
    Crime(
      name: "an item is done no more", sql: ["UPDATE item SET state = 0 WHERE run = 1 AND key = 'item-2'"], counts: .lost,
      words: "was recorded as done and is so no more"),
    Crime(
      name: "an item is recorded twice",
      sql: [
        "DROP INDEX item_key",
        """
        INSERT INTO item (id, run, state, priority, attempts, deaths, tries, pid, key, payload, started_us, duration_us)
        SELECT id + 100, run, state, priority, attempts, deaths, tries, pid, key, payload, started_us, duration_us
        FROM item WHERE run = 1 AND key = 'item-2'
        """,
      ], counts: .duplicated, words: "/item-2 has several rows"),
    Crime(
      name: "an item is recorded again", sql: ["UPDATE item SET started_us = started_us + 5 WHERE run = 1 AND key = 'item-2'"],
      counts: .duplicated, words: "/item-2 was recorded again"),
    Crime(
      name: "an item counts as done by who did not do it", sql: ["UPDATE item SET pid = 7 WHERE run = 1 AND key = 'item-2'"],
      counts: .duplicated, words: "counts as done by 7, which did not do it"),
    Crime(
      name: "an item that nobody named",
      sql: ["UPDATE item SET key = 'item-9' WHERE run = 1 AND key = 'item-2'"], counts: .lost, words: "nobody named item-9"),
    Crime(
      name: "a run miscounts", sql: ["UPDATE run SET succeeded = 2 WHERE number = 1"], counts: .none,
      words: "counts 2 items as done, and has 3"),
  ]

  static let witness = [
    Crime(
      name: "an item is done again", lines: ["run-1-0/item-1 1 4242 second-1 1795000000000000"], counts: .duplicated,
      words: "was done again after it had been recorded"),
    Crime(
      name: "two runs worked for one instant", lines: ["other/item-1 1 4242 second-1 1795000000000000"], counts: .duplicated,
      words: "by other, and by run-1-0"),
    Crime(
      name: "work for no run", lines: ["other/item-1 1 4242 second-1 1795000002000000"], counts: .unaccounted,
      words: "its run is not on record"),
    Crime(
      name: "work for another instant", lines: ["run-1-0/item-7 1 4242 second-1 1795000002000000"], counts: .unaccounted,
      words: "its run is on record for"),
    Crime(
      name: "work for no instant", lines: ["run-1-0/item-7 1 4242 second-1 0"], counts: .unaccounted,
      words: "was done for no instant"),
    // The plugin's word alone: the store was made to agree that the instant never fired.
    Crime(
      name: "work for an instant that did not fire", sql: ["UPDATE instant SET fate = 2, run = NULL WHERE run = 1"],
      lines: ["run-1-0/item-7 1 4242 second-1 1795000000000000"], counts: .unaccounted,
      words: "which has not fired by the ledger of instants"),
  ]
}
