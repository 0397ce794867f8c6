"""The same tables with nothing but Python's json and sqlite3: python_rollups.py EVENTS DATABASE [LINES]. Prints the seconds."""

import json
import os
import sqlite3
import sys
import time
from collections import defaultdict
from datetime import datetime

STEPS = ["page_view", "click", "signup", "purchase"]
KINDS = {"page_view": 1, "click": 2, "purchase": 3, "signup": 4}


def counts():
    # events, page_views, clicks, purchases, signups, sessions, cents, last
    return [0, 0, 0, 0, 0, set(), 0, 0]


def add(row, kind, session, cents, us):
    row[0] += 1
    column = KINDS.get(kind)
    if column:
        row[column] += 1
    if session:
        row[5].add(session)
    if kind == "purchase":
        row[6] += cents
    if us > row[7]:
        row[7] = us


def total():
    return [0, 0, 0, 0, 0, set(), 0, 0, set(), set(), set()]


def main(path, target, limit):
    if os.path.exists(target):
        os.remove(target)
    began = time.monotonic()
    user_hour, user_day = defaultdict(counts), defaultdict(counts)
    hourly, daily, weekly = defaultdict(total), defaultdict(total), defaultdict(total)
    live = defaultdict(lambda: [set(), 0])
    ids, users = set(), defaultdict(list)
    lines = 0
    with open(path, "rb") as file:
        for line in file:
            if limit and lines == limit:
                break
            lines += 1
            event = json.loads(line)
            if event["event_id"] in ids:
                continue
            ids.add(event["event_id"])
            us = int(datetime.fromisoformat(event["timestamp"]).timestamp() * 1000 + 0.5) * 1000
            properties = event["properties"]
            cents = round(properties.get("amount", 0) * 100)
            user, kind, session = event["user_id"], event["event_type"], event["session_id"]
            hour, day = us // 3_600_000_000 * 3600, us // 86_400_000_000
            add(user_hour[user, hour], kind, session, cents, us)
            add(user_day[user, day], kind, session, cents, us)
            for row in (hourly[hour], daily[day], weekly[day - (day + 3) % 7]):
                add(row, kind, (user, session), cents, us)
                row[8].add(user)
                if kind == "page_view":
                    row[9].add(user)
                elif kind == "purchase":
                    row[10].add((user, session))
            stretch = live[us // 300_000_000 * 300]
            stretch[0].add(user)
            stretch[1] += 1
            users[user].append((us, kind, session, cents, properties["location"]["country"], event["event_id"]))
    alerts, funnel = [], defaultdict(int)
    for user, events in users.items():
        events.sort()
        reached, window, burst, seen, newest = {}, [], None, {}, None
        first = 0
        for us, kind, session, cents, country, event_id in events:
            step, at, day = reached.get(session, (0, -1, us // 86_400_000_000))
            if step < 4 and kind == STEPS[step] and us > at:
                reached[session] = (step + 1, us, us // 86_400_000_000 if step == 0 else day)
            if kind in ("page_view", "click"):
                window.append(us)
                while window[first] <= us - 300_000_000:
                    first += 1
                if len(window) - first > 50:
                    if burst and us - burst[1] <= 300_000_000:
                        burst[1], burst[2] = us, max(burst[2], len(window) - first)
                    else:
                        if burst:
                            alerts.append(("burst", user, burst[0], "", "high", burst[1], burst[2]))
                        burst = [us, us, len(window) - first]
            if kind == "purchase" and cents > 1_000_000:
                alerts.append(("large_purchase", user, us, event_id, "medium", us, cents))
            if newest is not None and us > newest >= us - 2_592_000_000_000 and seen.get(country, -1) < us - 2_592_000_000_000:
                alerts.append(("new_country", user, us, country, "medium", us, 0))
            seen[country] = newest = us
        if burst:
            alerts.append(("burst", user, burst[0], "", "high", burst[1], burst[2]))
        for step, _, day in reached.values():
            for index in range(step):
                funnel[day, index] += 1
    out = sqlite3.connect(target, isolation_level=None)
    out.executescript("""
      PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;
      CREATE TABLE user_hour (a, b, c, d, e, f, g, h, i, j, PRIMARY KEY (a, b)) WITHOUT ROWID;
      CREATE TABLE user_day (a, b, c, d, e, f, g, h, i, j, PRIMARY KEY (a, b)) WITHOUT ROWID;
      CREATE TABLE alert (a, b, c, d, e, f, g, PRIMARY KEY (a, b, c, d)) WITHOUT ROWID;
      CREATE TABLE totals (a, b, c, d, e, f, g, h, i, j, k, l, PRIMARY KEY (a, b)) WITHOUT ROWID;
      CREATE TABLE live (a PRIMARY KEY, b, c) WITHOUT ROWID;
      CREATE TABLE funnel (a, b, c, PRIMARY KEY (a, b)) WITHOUT ROWID;
      """)
    for name, rows in (("user_hour", user_hour), ("user_day", user_day)):
        out.executemany(
            f"INSERT INTO {name} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((*key, *row[:5], len(row[5]), *row[6:]) for key, row in sorted(rows.items())))
    for name, rows in (("hour", hourly), ("day", daily), ("week", weekly)):
        out.executemany(
            "INSERT INTO totals VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((name, key, *row[:5], len(row[5]), row[6], len(row[8]), len(row[9]), len(row[10])) for key, row in rows.items()))
    out.executemany("INSERT INTO live VALUES (?, ?, ?)", ((key, len(row[0]), row[1]) for key, row in live.items()))
    out.executemany("INSERT INTO funnel VALUES (?, ?, ?)", ((*key, value) for key, value in funnel.items()))
    out.executemany("INSERT OR IGNORE INTO alert VALUES (?, ?, ?, ?, ?, ?, ?)", alerts)
    out.execute("COMMIT")
    print(f'{{"events": {lines}, "seconds": {time.monotonic() - began:.3f}, "cpu_s": {time.process_time():.3f}}}')


main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 0)
