"""Puts the measurements of run.sh together: summary.py RESULTS SIMILARITY. Medians over the rounds."""

import json
import statistics
import sys

runs = {}
for line in open(sys.argv[1], encoding="utf-8"):
    name, text = line.split(" ", 1)
    runs.setdefault(name, []).append(json.loads(text))
similarity = json.loads(sys.argv[2])


def rate(name):
    return statistics.median(run["images"] / run["seconds"] for run in runs[name])


def processor(name):
    return statistics.median(run["cpu_seconds"] / run["images"] * 1e3 for run in runs[name])


ours, vips, pillow = rate("ours"), rate("vips"), rate("pillow")
bound = min(run["bound_ms"] for run in runs["bound"])
took = min(run["cpu_seconds"] / run["images"] * 1e3 for run in runs["jpegs_ours"])
print(f"{ours / vips:.2f} times libvips, {ours / pillow:.2f} times Pillow; worst size {similarity['worst_gap']:+.5f} SSIM below libvips")
print(
    f"processor time an image: {processor('ours'):.1f} ms, libvips {processor('vips'):.1f} ms, Pillow {processor('pillow'):.1f} ms"
)
print(f"JPEG: {took:.1f} ms of processor an image, libjpeg-turbo alone {bound:.1f} ms: {took / bound:.2f} times the bound")
print(
    json.dumps(
        {
            "bench": "thumbnails",
            "images_per_s": round(ours, 2),
            "vips_images_per_s": round(vips, 2),
            "pillow_images_per_s": round(pillow, 2),
            "ssim": similarity["ssim"],
            "vips_ssim": similarity["vips_ssim"],
            "worker_rss_mib": max(run["worker_rss_mib"] for run in runs["ours"]),
        }
    )
)
