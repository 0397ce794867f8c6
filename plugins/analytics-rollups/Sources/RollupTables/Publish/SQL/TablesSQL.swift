/// The tables that people read. docs/analytics-rollups.md says what each column is.
enum TablesSQL {
  /// Of the schema; in `user_version`.
  static let version = 1

  static let pragmas = """
    PRAGMA page_size = 8192;
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA cache_size = -32768;
    PRAGMA application_id = 1129467731;
    PRAGMA user_version = 1;
    """

  private static let counts = """
    events INTEGER NOT NULL,
      page_views INTEGER NOT NULL,
      clicks INTEGER NOT NULL,
      purchases INTEGER NOT NULL,
      signups INTEGER NOT NULL,
      sessions INTEGER NOT NULL,
      revenue_cents INTEGER NOT NULL
    """

  private static let totals = """
    \(counts),
      active_users INTEGER NOT NULL,
      unique_visitors INTEGER NOT NULL,
      converted_sessions INTEGER NOT NULL,
      conversion_rate REAL GENERATED ALWAYS AS (1.0 * converted_sessions / NULLIF(sessions, 0)) VIRTUAL
    """

  static let schema = """
    CREATE TABLE user_hour (
      user_id TEXT NOT NULL,
      hour INTEGER NOT NULL,
      \(counts),
      last_us INTEGER NOT NULL,
      PRIMARY KEY (user_id, hour)
    ) WITHOUT ROWID;
    CREATE TABLE user_day (
      user_id TEXT NOT NULL,
      day TEXT NOT NULL,
      \(counts),
      last_us INTEGER NOT NULL,
      PRIMARY KEY (user_id, day)
    ) WITHOUT ROWID;
    CREATE TABLE hourly (
      hour INTEGER PRIMARY KEY,
      local TEXT NOT NULL,
      \(totals)
    );
    CREATE TABLE daily (
      day TEXT PRIMARY KEY,
      \(totals)
    ) WITHOUT ROWID;
    CREATE TABLE weekly (
      week TEXT PRIMARY KEY,
      \(totals)
    ) WITHOUT ROWID;
    CREATE TABLE live (
      at INTEGER PRIMARY KEY,
      concurrent_users INTEGER NOT NULL,
      requests INTEGER NOT NULL,
      requests_per_minute REAL GENERATED ALWAYS AS (requests / 5.0) VIRTUAL
    );
    CREATE TABLE funnel (
      funnel TEXT NOT NULL,
      day TEXT NOT NULL,
      step INTEGER NOT NULL,
      event_type TEXT NOT NULL,
      sessions INTEGER NOT NULL,
      PRIMARY KEY (funnel, day, step)
    ) WITHOUT ROWID;
    CREATE TABLE alert (
      kind TEXT NOT NULL,
      user_id TEXT NOT NULL,
      at_us INTEGER NOT NULL,
      detail TEXT NOT NULL,
      severity TEXT NOT NULL,
      until_us INTEGER NOT NULL,
      value INTEGER NOT NULL,
      PRIMARY KEY (kind, user_id, at_us, detail)
    ) WITHOUT ROWID;
    CREATE TABLE meta (
      key TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE input (
      path TEXT NOT NULL,
      range INTEGER NOT NULL,
      content_hash TEXT NOT NULL,
      lines INTEGER NOT NULL,
      events INTEGER NOT NULL,
      malformed INTEGER NOT NULL,
      is_counted INTEGER NOT NULL,
      PRIMARY KEY (path, range)
    ) WITHOUT ROWID;
    CREATE TABLE publication (digest TEXT NOT NULL);
    CREATE VIEW funnel_total AS
      SELECT
        funnel, step, event_type, sum(sessions) AS sessions,
        1.0 * sum(sessions) / first_value(sum(sessions)) OVER (PARTITION BY funnel ORDER BY step) AS of_first,
        1.0 * sum(sessions) / lag(sum(sessions)) OVER (PARTITION BY funnel ORDER BY step) AS of_previous
      FROM funnel GROUP BY funnel, step, event_type;
    CREATE VIEW live_now AS
      SELECT datetime(at, 'unixepoch') AS utc, concurrent_users, requests_per_minute FROM live ORDER BY at DESC LIMIT 1;
    CREATE VIEW alert_text AS
      SELECT
        datetime(at_us / 1000000, 'unixepoch') AS utc, severity, kind, user_id, detail,
        CASE kind WHEN 'large_purchase' THEN printf('%d.%02d', value / 100, value % 100) WHEN 'burst' THEN value END AS value
      FROM alert ORDER BY at_us, kind, user_id, detail;
    """

  static let insertUserHour = "INSERT INTO user_hour VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
  static let insertUserDay = "INSERT INTO user_day VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
  static let insertHourly = "INSERT INTO hourly VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
  static let insertDaily = "INSERT INTO daily VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
  static let insertWeekly = "INSERT INTO weekly VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
  static let insertLive = "INSERT INTO live VALUES (?1, ?2, ?3)"
  static let insertFunnel = "INSERT INTO funnel VALUES (?1, ?2, ?3, ?4, ?5)"
  /// Two purchases of one id and instant, or one country at one instant, are one alert.
  static let insertAlert = "INSERT OR IGNORE INTO alert VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
  static let insertMeta = "INSERT INTO meta VALUES (?1, ?2)"
  static let insertInput = "INSERT INTO input VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
  static let insertPublication = "INSERT INTO publication VALUES (?1)"
  static let digest = "SELECT digest FROM publication"
  static let bursts = "SELECT user_id, at_us, until_us, value FROM alert WHERE kind = 'burst' ORDER BY at_us, user_id"
}
