"""libvips at its fastest: one shrink-on-load decoding, and the smaller sizes from the larger (PyPI pyvips[binary]).

pyvips_cascade.py SOURCE DESTINATION PROCESSES prints {"images", "seconds", "cpu_seconds"}; the processes are up before the clocks start.
"""

import json
import os
import sys
import time
from multiprocessing import get_context

import pyvips

source, destination, processes = sys.argv[1], sys.argv[2], int(sys.argv[3])
SIZES = (("large", 1200, 95), ("medium", 600, 90), ("thumbnail", 150, 85))
pyvips.cache_set_max(0)


def timed(name):
    start = time.process_time()
    make(name)
    return time.process_time() - start


def make(name):
    base = os.path.join(destination, name)
    image = pyvips.Image.thumbnail(os.path.join(source, name), 1200, height=1200, size="down").copy_memory()
    for label, side, quality in SIZES:
        small = image if side == 1200 else image.thumbnail_image(side, height=side, size="down")
        small.jpegsave(
            f"{base}_{label}.jpg", Q=quality, interlace=True, optimize_coding=True, subsample_mode="on", keep="none",
            background=[255, 255, 255],
        )


def ready(_):
    time.sleep(0.1)


if __name__ == "__main__":
    names = sorted(name for name in os.listdir(source) if not name.startswith("."))
    os.makedirs(destination, exist_ok=True)
    with get_context("spawn").Pool(processes) as pool:
        pool.map(ready, range(4 * processes), 1)
        start = time.perf_counter()
        cpu = sum(pool.imap_unordered(timed, names, 1))
        print(json.dumps({"images": len(names), "seconds": time.perf_counter() - start, "cpu_seconds": cpu}))
