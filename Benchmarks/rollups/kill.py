"""Kills rollups at random moments and compares the tables: kill.py PRODUCTS WORK EVENTS KILLS [SEED]

One run without a kill is the measure. Then, KILLS times: a run in a new place is killed with SIGKILL, all its processes, at a
random moment of the time it takes, and taken up again with `carillon resume` or a new run; its tables must be those of the
measure, byte for byte. Every third time the engine alone is killed, and its workers have to end by themselves; every third, one
of the workers is, and the run has to go on by itself."""

import glob
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

from measure import family, job


def command(products, place, *words):
    return [os.path.join(products, "carillon"), *words, "--state-dir", f"{place}/state", "--plugins", products]


def start(products, place, *words):
    return subprocess.Popen(
        command(products, place, *words), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)


def run(products, place):
    words = ["run", "rollups", "--jobs", f"{place}/jobs"]
    return start(products, place, *words)


def digest(place):
    with open(f"{place}/out/rollups.db", "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def fresh(work, name):
    place = f"{work}/{name}"
    shutil.rmtree(place, ignore_errors=True)
    os.makedirs(place)
    return place


def end(process, what):
    _, words = process.communicate(timeout=600)
    if process.returncode:
        sys.exit(f"{what} ended with {process.returncode}: {words.decode()}")


def strike(process, number, chance):
    """Kills; says what."""
    pids = family(process.pid)
    if number % 3 == 2 and len(pids) > 1:
        os.kill(chance.choice(pids[1:]), signal.SIGKILL)
        return "a worker"
    if number % 3 == 1:
        os.kill(process.pid, signal.SIGKILL)
        return "the engine"
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    return "all"


def main(products, work, events, kills, seed=None):
    seed = int(seed) if seed else random.randrange(1 << 32)
    print(f"seed {seed}", file=sys.stderr)
    chance = random.Random(seed)
    os.makedirs(f"{work}/in", exist_ok=True)
    if not glob.glob(f"{work}/in/*"):
        subprocess.run([f"{work}/gen_events", events, f"{work}/all"], check=True)
        with open(f"{work}/all") as file:
            lines = file.readlines()
        chance.shuffle(lines)
        for index in range(6):
            with open(f"{work}/in/{index}.ndjson", "w") as file:
                file.writelines(lines[index::6])
        subprocess.run(["gzip", "-f", f"{work}/in/5.ndjson"], check=True)
    place = fresh(work, "measure")
    job(place, f"{work}/in")
    began = time.monotonic()
    end(run(products, place), "the measure")
    took = time.monotonic() - began
    expected = digest(place)
    struck = {"a worker": 0, "the engine": 0, "all": 0}
    late = different = 0
    while sum(struck.values()) < int(kills):
        number = sum(struck.values())
        place = fresh(work, "killed")
        job(place, f"{work}/in")
        process = run(products, place)
        try:
            # Its end is the moment to strike.
            process.wait(timeout=chance.uniform(0, took))
        except subprocess.TimeoutExpired:
            pass
        if process.poll() is not None:
            # It was over before; its tables have to be right all the same.
            process.communicate()
            late += 1
            different += digest(place) != expected
            continue
        what = strike(process, number, chance)
        struck[what] += 1
        process.communicate(timeout=600)
        # Twice, as somebody whom the first resume was killed for would.
        for attempt in range(2 if number % 5 == 0 else 1):
            again = start(products, place, "resume", "last") if what in ("all", "the engine") else run(products, place)
            if attempt == 0 and number % 5 == 0:
                try:
                    again.wait(timeout=chance.uniform(0, took))
                except subprocess.TimeoutExpired:
                    strike(again, 0, chance)
            again.communicate(timeout=600)
        end(run(products, place), "the run after the kill")
        if digest(place) != expected:
            different += 1
            print(f"kill {number} of {what}: the tables differ", file=sys.stderr)
            shutil.copytree(place, f"{work}/different-{number}", symlinks=True, dirs_exist_ok=True)
        left = [name for name in os.listdir(f"{place}/out") + os.listdir(f"{place}/out/parts")
                if name.endswith(".new") or name.startswith("listing")]
        if left:
            different += 1
            print(f"kill {number} of {what}: left behind: {left}", file=sys.stderr)
    print(json.dumps({"faults": "rollups", "kills": int(kills), "struck": struck, "too_late": late, "different": different, "seed": seed}))
    sys.exit(different != 0)


main(*sys.argv[1:])
