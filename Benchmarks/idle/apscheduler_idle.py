"""APScheduler with so many jobs, none due for weeks: what the idle benchmark looks at beside Carillon."""

import datetime
import sys

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger


def nothing() -> None:
    pass


def main() -> None:
    zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago", "Asia/Tokyo"]
    month = datetime.date.today().month
    scheduler = BackgroundScheduler(timezone="UTC")
    for index in range(int(sys.argv[1])):
        later = (month + 1 + index // 40320 % 9) % 12 + 1
        trigger = CronTrigger(
            minute=index % 60, hour=index // 60 % 24, day=index // 1440 % 28 + 1, month=later,
            timezone=zones[index % len(zones)])
        scheduler.add_job(nothing, trigger, id=str(index))
    scheduler.start()
    print("ready", flush=True)
    sys.stdin.read()
    scheduler.shutdown()


main()
