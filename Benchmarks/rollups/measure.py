"""Runs the plugin from end to end with `carillon run` and watches its memory: measure.py PRODUCTS WORK NAME.

Memory is the most that the engine, its hosts and their plugins had together: the sum of their proportional sets, as the kernel's
smaps_rollup tells them, ten times a second."""

import json
import os
import resource
import subprocess
import sys
import threading
import time


def job(work, source):
    jobs = os.path.join(work, "jobs")
    os.makedirs(jobs, exist_ok=True)
    with open(os.path.join(jobs, "rollups.yaml"), "w") as file:
        file.write(f"""name: rollups
plugin: analytics-rollups
config:
  source: {{folder: {source}}}
  output: {{folder: {work}/out}}
""")
    return jobs


def family(pid):
    """The process and all below it."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        try:
            for thread in os.listdir(f"/proc/{one}/task"):
                with open(f"/proc/{one}/task/{thread}/children") as file:
                    waiting += map(int, file.read().split())
        except OSError:
            pass
    return found


def memory(pids):
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup") as file:
                total += sum(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        except OSError:
            pass
    return total / 1024


def main(products, work, name):
    environment = dict(os.environ, CARILLON_PLUGIN_PATH=products)
    command = [os.path.join(products, "carillon"), "run", "rollups", "--jobs", job(work, work + "/in"), "--state-dir",
               os.path.join(work, "state"), "--plugins", products]
    began = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=sys.stderr)
    peak = [0.0]

    def watch():
        while process.poll() is None:
            peak[0] = max(peak[0], memory(family(process.pid)))
            time.sleep(0.1)

    thread = threading.Thread(target=watch)
    thread.start()
    status = process.wait()
    seconds = time.monotonic() - began
    thread.join()
    if status:
        sys.exit(f"carillon ended with {status}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(name, json.dumps({
        "seconds": round(seconds, 3), "cpu_s": round(used.ru_utime + used.ru_stime, 3), "rss_mib": round(peak[0], 1)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
