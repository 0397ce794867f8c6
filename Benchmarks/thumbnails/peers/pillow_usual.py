"""Thumbnails by Pillow as they are usually written: open, turn upright, and a Lanczos `thumbnail` of a copy for each size.

pillow_usual.py SOURCE DESTINATION PROCESSES prints {"images", "seconds", "cpu_seconds"}; the processes are up before the clocks start.
"""

import json
import os
import sys
import time
from multiprocessing import get_context

from PIL import Image, ImageOps

source, destination, processes = sys.argv[1], sys.argv[2], int(sys.argv[3])
SIZES = (("large", 1200, 95), ("medium", 600, 90), ("thumbnail", 150, 85))


def timed(name):
    start = time.process_time()
    make(name)
    return time.process_time() - start


def make(name):
    with Image.open(os.path.join(source, name)) as image:
        image = ImageOps.exif_transpose(image).convert("RGB")
        for label, side, quality in SIZES:
            small = image.copy()
            small.thumbnail((side, side), Image.Resampling.LANCZOS)
            small.save(
                os.path.join(destination, f"{name}_{label}.jpg"), quality=quality, optimize=True, progressive=True,
                subsampling="4:2:0",
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
