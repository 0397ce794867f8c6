/// The tables of the mail log. docs/email-dispatch.md says what the columns mean; they only ever grow.
enum MailLogSchema {
  static let version = 1

  static let sql = """
    CREATE TABLE IF NOT EXISTS mail (
      key           TEXT PRIMARY KEY,
      run           TEXT NOT NULL,
      item          TEXT NOT NULL,
      address       TEXT NOT NULL,
      user          TEXT,
      type          TEXT NOT NULL,
      status        TEXT NOT NULL CHECK (status IN ('sending', 'sent', 'deferred', 'failed', 'unknown')),
      message_id    TEXT NOT NULL,
      tries         INTEGER NOT NULL,
      resends       INTEGER NOT NULL DEFAULT 0,
      first_at_us   INTEGER NOT NULL,
      changed_at_us INTEGER NOT NULL,
      sent_at_us    INTEGER,
      reply         TEXT
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS mail_by_address ON mail (address);
    DROP INDEX IF EXISTS mail_in_doubt;
    CREATE TABLE IF NOT EXISTS suppression (
      address     TEXT PRIMARY KEY,
      reason      TEXT NOT NULL,
      detail      TEXT,
      added_at_us INTEGER NOT NULL
    ) WITHOUT ROWID;
    """

  /// A message may arrive from now on. No row is changed when it may have arrived already, unless that try is released.
  static let begin = """
    INSERT INTO mail (key, run, item, address, user, type, status, message_id, tries, first_at_us, changed_at_us)
    VALUES (:key, :run, :item, :address, :user, :type, 'sending', :id, 1, :now, :now)
    ON CONFLICT (key) DO UPDATE SET status = 'sending', tries = tries + 1, changed_at_us = :now, reply = NULL,
      resends = resends + (status IN ('sending', 'unknown'))
    WHERE status IN ('deferred', 'failed') OR status IN ('sending', 'unknown') AND tries = :released
    """

  /// What a message came to that was begun.
  static let end = """
    UPDATE mail SET status = :status, changed_at_us = :now, sent_at_us = iif(:status = 'sent', :now, sent_at_us), reply = :reply
    WHERE key = :key AND status = 'sending'
    """

  /// What a message came to that the server never got to its end.
  static let note = """
    INSERT INTO mail (key, run, item, address, user, type, status, message_id, tries, first_at_us, changed_at_us, reply)
    VALUES (:key, :run, :item, :address, :user, :type, :status, :id, 1, :now, :now, :reply)
    ON CONFLICT (key) DO UPDATE SET status = :status, tries = tries + 1, changed_at_us = :now, reply = :reply
    WHERE status IN ('deferred', 'failed')
    """

  static let suppress = """
    INSERT INTO suppression (address, reason, detail, added_at_us) VALUES (:address, :reason, :detail, :now)
    ON CONFLICT (address) DO NOTHING
    """

  static let look = """
    SELECT (SELECT reason FROM suppression WHERE address = :address), status, tries, first_at_us, message_id, reply
    FROM (SELECT 1) LEFT JOIN mail ON key = :key
    """

  /// A run's rows stand together: their keys begin with it, and `0` comes behind `/`.
  static let counts = """
    SELECT status, count(*), sum(resends) FROM mail WHERE key >= :run || '/' AND key < :run || '0' GROUP BY status
    """
}
