"""The tables of analytics-rollups as DuckDB makes them, written from the description of what they hold.

    duckdb_rollups.py compute EVENTS DATABASE    reads, groups and writes the tables into a new SQLite file; prints the seconds
    duckdb_rollups.py compare EVENTS DATABASE    computes the same and compares it with DATABASE row by row

`compare` says what each table is as plainly as SQL can; `compute` makes the same rows as fast as DuckDB was found to: sessions are
grouped once and added up from there, duplicates are looked for before they are taken out, windows see only users who may have
something in them.

EVENTS is a glob of NDJSON files. Zone and week start: TZ_NAME, WEEK_START (0 Sunday … 6) in the environment.
"""

import os
import sqlite3
import sys
import time

import duckdb

ZONE = os.environ.get("TZ_NAME", "UTC")
WEEK_START = int(os.environ.get("WEEK_START", "1"))

# Hours on the wall: an instant, moved to the wall's clock, cut, and moved back by the same amount.
EVENTS = f"""
CREATE TEMP TABLE event AS
WITH raw AS (
  SELECT
    event_id, user_id, event_type, epoch_us("timestamp"::TIMESTAMPTZ) AS us, session_id,
    CASE WHEN properties.amount IS NOT NULL THEN (properties.amount * 100)::DECIMAL(18, 0)::BIGINT ELSE 0 END AS cents,
    properties.location.country AS country
  FROM read_json($events, format = 'newline_delimited', columns = {{
    event_id: 'VARCHAR', user_id: 'VARCHAR', event_type: 'VARCHAR', "timestamp": 'VARCHAR', session_id: 'VARCHAR',
    properties: 'STRUCT(amount DECIMAL(18,4), location STRUCT(country VARCHAR))'}})
), once AS (
  SELECT * FROM raw QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY us, user_id) = 1
), walled AS (
  SELECT *, epoch_us(make_timestamptz(us) AT TIME ZONE '{ZONE}') AS wall FROM once
)
SELECT
  event_id, user_id, event_type, us, session_id, cents, country,
  (wall - wall % 3600000000 - (wall - us)) // 1000000 AS hour,
  (wall // 86400000000)::BIGINT AS day
FROM walled
"""

COUNTS = """
  count(*) AS events,
  count(*) FILTER (event_type = 'page_view') AS page_views,
  count(*) FILTER (event_type = 'click') AS clicks,
  count(*) FILTER (event_type = 'purchase') AS purchases,
  count(*) FILTER (event_type = 'signup') AS signups,
  {sessions} AS sessions,
  coalesce(sum(cents) FILTER (event_type = 'purchase'), 0)::BIGINT AS revenue_cents
"""
OF_USER = COUNTS.format(sessions="count(DISTINCT session_id)")
OF_ALL = COUNTS.format(sessions="count(DISTINCT (user_id, session_id)) FILTER (session_id IS NOT NULL)") + """,
  count(DISTINCT user_id) AS active_users,
  count(DISTINCT user_id) FILTER (event_type = 'page_view') AS unique_visitors,
  count(DISTINCT (user_id, session_id)) FILTER (event_type = 'purchase' AND session_id IS NOT NULL) AS converted_sessions
"""
DATE = "strftime(DATE '1970-01-01' + {}::INTEGER, '%Y-%m-%d')"
WEEK = f"(day - (day + 4 - {WEEK_START} + 7) % 7)"
STEPS = ["page_view", "click", "signup", "purchase"]


def funnel():
    """The earliest instant of each step that is later than the step before it, by session."""
    parts = ["s1 AS (SELECT user_id, session_id, min(us) AS at, arg_min(day, us) AS day FROM event "
             f"WHERE session_id IS NOT NULL AND event_type = '{STEPS[0]}' GROUP BY ALL)"]
    for index, step in enumerate(STEPS[1:], 2):
        parts.append(
            f"s{index} AS (SELECT e.user_id, e.session_id, min(e.us) AS at, any_value(s.day) AS day FROM event e "
            f"JOIN s{index - 1} s ON e.user_id = s.user_id AND e.session_id = s.session_id "
            f"WHERE e.event_type = '{step}' AND e.us > s.at GROUP BY e.user_id, e.session_id)")
    columns = ", ".join(f"(SELECT count(*) FROM s{i} WHERE s{i}.day = d.day) AS n{i}" for i in range(1, 5))
    rows = " UNION ALL ".join(
        f"SELECT 'purchase' AS funnel, {DATE.format('day')} AS day, {i} AS step, '{STEPS[i - 1]}' AS event_type, n{i} AS sessions "
        "FROM days" for i in range(1, 5))
    return f"WITH {', '.join(parts)}, days AS (SELECT day, {columns} FROM (SELECT DISTINCT day FROM s1) d) {rows} ORDER BY 1, 2, 3"


BURSTS = """
WITH seen AS (
  SELECT user_id, us, count(*) OVER (PARTITION BY user_id ORDER BY us RANGE BETWEEN 299999999 PRECEDING AND CURRENT ROW) AS n
  FROM event WHERE event_type IN ('page_view', 'click')
), hot AS (
  SELECT DISTINCT user_id, us, n FROM seen WHERE n > 50
), marked AS (
  SELECT *, CASE WHEN us - lag(us) OVER (PARTITION BY user_id ORDER BY us) <= 300000000 THEN 0 ELSE 1 END AS first FROM hot
), numbered AS (
  SELECT *, sum(first) OVER (PARTITION BY user_id ORDER BY us) AS burst FROM marked
)
SELECT 'burst' AS kind, user_id, min(us) AS at_us, '' AS detail, 'high' AS severity, max(us) AS until_us, max(n) AS value
FROM numbered GROUP BY user_id, burst
"""

PURCHASES = """
SELECT 'large_purchase', user_id, us, event_id, 'medium', us, cents FROM event WHERE event_type = 'purchase' AND cents > 1000000
"""

COUNTRIES = """
WITH seen AS (
  SELECT DISTINCT user_id, us, country FROM event WHERE country IS NOT NULL
), judged AS (
  SELECT
    user_id, us, country,
    max(us) OVER (PARTITION BY user_id ORDER BY us RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS any_before,
    lag(us) OVER (PARTITION BY user_id, country ORDER BY us) AS same_before
  FROM seen
)
SELECT 'new_country', user_id, us, country, 'medium', us, 0 FROM judged
WHERE any_before >= us - 2592000000000 AND (same_before IS NULL OR same_before < us - 2592000000000)
"""

TABLES = {
    "user_hour": f"SELECT user_id, hour, {OF_USER}, max(us) AS last_us FROM event GROUP BY user_id, hour ORDER BY 1, 2",
    "user_day": f"SELECT user_id, {DATE.format('day')}, {OF_USER}, max(us) FROM event GROUP BY user_id, day ORDER BY 1, 2",
    "hourly": f"SELECT hour, {OF_ALL} FROM event GROUP BY hour ORDER BY 1",
    "daily": f"SELECT {DATE.format('day')}, {OF_ALL} FROM event GROUP BY day ORDER BY 1",
    "weekly": f"SELECT {DATE.format('week')}, {OF_ALL} FROM (SELECT *, {WEEK} AS week FROM event) GROUP BY week ORDER BY 1",
    "live": "SELECT us // 300000000 * 300, count(DISTINCT user_id), count(*) FROM event GROUP BY 1 ORDER BY 1",
    "funnel": funnel(),
    "alert": f"SELECT * FROM ({BURSTS}) UNION ALL {PURCHASES} UNION ALL SELECT * FROM ({COUNTRIES}) ORDER BY 1, 2, 3, 4",
}


# What `compute` does instead: one after the other, each of the ones before.
SUMS = ", ".join(f"sum({name})::BIGINT AS {name}" for name in
                 ("events", "page_views", "clicks", "purchases", "signups", "sessions", "revenue_cents"))
OF_SESSION = COUNTS.format(sessions="(session_id IS NOT NULL)::BIGINT") + ", max(us) AS last_us"
UP = SUMS + ", max(last_us) AS last_us, sum((session_id IS NOT NULL AND purchases > 0)::BIGINT)::BIGINT AS converted"
SESSION = "sum(events) AS events, sum(page_views) AS page_views, sum(clicks) AS clicks, sum(purchases) AS purchases, " \
          "sum(signups) AS signups, any_value(sessions) AS sessions, sum(revenue_cents) AS revenue_cents, max(last_us) AS last_us"
TOTAL = SUMS + ", count(*) AS active_users, count(*) FILTER (page_views > 0) AS unique_visitors, sum(converted)::BIGINT AS converted"
USER = "events, page_views, clicks, purchases, signups, sessions, revenue_cents, last_us"
FAST = {
    "by_hour": f"SELECT user_id, hour, any_value(day) AS day, session_id, {OF_SESSION} FROM event GROUP BY user_id, hour, session_id",
    "by_day": f"SELECT user_id, day, session_id, {SESSION} FROM by_hour GROUP BY user_id, day, session_id",
    "by_week": f"SELECT user_id, {WEEK} AS week, session_id, {SESSION} FROM by_day GROUP BY user_id, week, session_id",
    "uh": f"SELECT user_id, hour, {UP} FROM by_hour GROUP BY user_id, hour",
    "ud": f"SELECT user_id, day, {UP} FROM by_day GROUP BY user_id, day",
    "uw": f"SELECT user_id, week, {UP} FROM by_week GROUP BY user_id, week",
    "t_user_hour": f"SELECT user_id, hour, {USER} FROM uh ORDER BY 1, 2",
    "t_user_day": f"SELECT user_id, {DATE.format('day')}, {USER} FROM ud ORDER BY 1, 2",
    "t_hourly": f"SELECT hour, {TOTAL} FROM uh GROUP BY hour ORDER BY 1",
    "t_daily": f"SELECT {DATE.format('day')}, {TOTAL} FROM ud GROUP BY day ORDER BY 1",
    "t_weekly": f"SELECT {DATE.format('week')}, {TOTAL} FROM uw GROUP BY week ORDER BY 1",
    "t_live": "SELECT slot, count(*), sum(n)::BIGINT FROM (SELECT us // 300000000 * 300 AS slot, count(*) AS n FROM event "
              "GROUP BY slot, user_id) GROUP BY slot ORDER BY 1",
    "t_funnel": funnel(),
    "t_alert": "SELECT * FROM ("
               + BURSTS.replace("FROM event WHERE", "FROM event SEMI JOIN (SELECT user_id FROM ud GROUP BY user_id "
                                "HAVING sum(page_views + clicks) > 50) USING (user_id) WHERE")
               + f") UNION ALL {PURCHASES} UNION ALL SELECT * FROM ("
               + COUNTRIES.replace("FROM event WHERE", "FROM event SEMI JOIN (SELECT user_id FROM event GROUP BY user_id "
                                   "HAVING min(country) < max(country)) USING (user_id) WHERE")
               + ") ORDER BY 1, 2, 3, 4",
}


def connect():
    base = duckdb.connect()
    base.execute("SET threads = 2; SET TimeZone = 'UTC'")
    return base


def compute(path, target):
    if os.path.exists(target):
        os.remove(target)
    began = time.monotonic()
    base = connect()
    base.execute(EVENTS.replace("SELECT * FROM raw QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY us, user_id) = 1",
                                "SELECT * FROM raw"), {"events": path})
    if base.execute("SELECT 1 FROM event GROUP BY event_id HAVING count(*) > 1 LIMIT 1").fetchone():
        base.execute("DROP TABLE event")
        base.execute(EVENTS, {"events": path})
    for name, sql in FAST.items():
        base.execute(f"CREATE TEMP TABLE {name} AS {sql}")
    grouped = time.monotonic() - began
    out = sqlite3.connect(target, isolation_level=None)
    out.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; BEGIN;")
    for name in TABLES:
        cursor = base.execute(f"SELECT * FROM t_{name}")
        width = len(cursor.description)
        key = {"user_hour": 2, "user_day": 2, "funnel": 3, "alert": 4}.get(name, 1)
        columns = ", ".join(f"c{i}" for i in range(width))
        keys = ", ".join(f"c{i}" for i in range(key))
        out.execute(f"CREATE TABLE {name} ({columns}, PRIMARY KEY ({keys})) WITHOUT ROWID")
        marks = ", ".join("?" * width)
        while rows := cursor.fetchmany(100_000):
            out.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
    out.execute("COMMIT")
    out.close()
    seconds = time.monotonic() - began
    cpu = time.process_time()
    events = base.execute("SELECT count(*) FROM event").fetchone()[0]
    print(f'{{"events": {events}, "seconds": {seconds:.3f}, "cpu_s": {cpu:.3f}, "grouped_s": {grouped:.3f}}}')


def compare(path, ours):
    base = connect()
    base.execute(EVENTS, {"events": path})
    mine = sqlite3.connect(f"file:{ours}?mode=ro", uri=True)
    wrong = 0
    for name, sql in TABLES.items():
        theirs = base.execute(sql)
        columns = {"hourly": "hour, " + TOTALS, "daily": "day, " + TOTALS, "weekly": "week, " + TOTALS,
                   "live": "at, concurrent_users, requests"}.get(name, "*")
        order = {"user_hour": "user_id, hour", "user_day": "user_id, day", "funnel": "funnel, day, step",
                 "alert": "kind, user_id, at_us, detail"}.get(name, "1")
        cursor = mine.execute(f"SELECT {columns} FROM {name} ORDER BY {order}")
        rows = differing = 0
        while True:
            a, b = theirs.fetchmany(50_000), cursor.fetchmany(50_000)
            if not a and not b:
                break
            rows += max(len(a), len(b))
            if a != b:
                for index in range(max(len(a), len(b))):
                    left, right = a[index] if index < len(a) else None, b[index] if index < len(b) else None
                    if left != right:
                        differing += 1
                        if differing <= 3:
                            print(f"{name}: DuckDB {left}, ours {right}", file=sys.stderr)
        print(f"{name}: {rows} rows, {differing} differ", file=sys.stderr)
        wrong += differing
    print("true" if wrong == 0 else "false")
    sys.exit(wrong != 0)


TOTALS = ("events, page_views, clicks, purchases, signups, sessions, revenue_cents, active_users, unique_visitors, "
          "converted_sessions")

if __name__ == "__main__":
    {"compute": compute, "compare": compare}[sys.argv[1]](sys.argv[2], sys.argv[3])
