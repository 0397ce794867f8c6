"""Answers questions of the tests, one JSON object a line: cronsim's next instants, or the offsets of Python's zoneinfo."""
import json
import sys
from datetime import datetime, timezone
from itertools import islice
from zoneinfo import ZoneInfo

from cronsim import CronSim

zones = {}


def zone(name):
    if name not in zones:
        zones[name] = timezone.utc if name == "UTC" else ZoneInfo(name)
    return zones[name]


for line in sys.stdin:
    question = json.loads(line)
    here = zone(question["zone"])
    if "seconds" in question:
        offsets = [datetime.fromtimestamp(second, here).utcoffset().total_seconds() for second in question["seconds"]]
        print(json.dumps([int(offset) for offset in offsets]))
        continue
    try:
        simulation = CronSim(question["expression"], datetime.fromtimestamp(question["from"], here))
        found = islice(simulation, question["count"])
        print(json.dumps([int(instant.timestamp()) for instant in found]))
    except Exception as error:
        print(json.dumps({"error": str(error)}))
