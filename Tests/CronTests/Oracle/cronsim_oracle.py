"""Answers questions of the tests, one JSON object a line: cronsim's next instants, or the offsets of Python's zoneinfo."""
import json
import signal
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


class Endless(Exception):
    """cronsim goes round for ever over some changes of the clocks."""


def stop(signal_number, frame):
    raise Endless("no answer within two seconds")


signal.signal(signal.SIGALRM, stop)
for line in sys.stdin:
    question = json.loads(line)
    here = zone(question["zone"])
    if "seconds" in question:
        offsets = [datetime.fromtimestamp(second, here).utcoffset().total_seconds() for second in question["seconds"]]
        print(json.dumps([int(offset) for offset in offsets]))
        continue
    try:
        signal.setitimer(signal.ITIMER_REAL, 2)
        simulation = CronSim(question["expression"], datetime.fromtimestamp(question["from"], here))
        found = islice(simulation, question["count"])
        instants = [int(instant.timestamp()) for instant in found]
        signal.setitimer(signal.ITIMER_REAL, 0)
        print(json.dumps(instants))
    except Exception as error:
        signal.setitimer(signal.ITIMER_REAL, 0)
        print(json.dumps({"error": str(error)}))
