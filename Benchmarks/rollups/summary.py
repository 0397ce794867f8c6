"""The closing line: summary.py RESULTS TABLES_EQUAL EVENTS. The best round of each counts."""

import json
import sys

rates, memory = {}, 0.0
for line in open(sys.argv[1]):
    name, document = line.split(" ", 1)
    result = json.loads(document)
    rates[name] = max(rates.get(name, 0), result.get("events", int(sys.argv[3])) / result["seconds"])
    memory = max(memory, result.get("rss_mib", 0))
print(json.dumps({
    "bench": "rollups", "events_per_s": round(rates["ours"]), "duckdb_events_per_s": round(rates["duckdb"]),
    "python_events_per_s": round(rates["python"]), "rss_mib": round(memory), "tables_equal": sys.argv[2] == "true"}))
