"""Mean structural similarity of thumbnails to a full-resolution Lanczos reference by Pillow, over R, G and B.

ssim.py SOURCE OURS THEIRS prints {"ssim", "vips_ssim", "worst_gap"}. OURS has `<stem>_<size>.jpg`, THEIRS
`<name>_<size>.jpg`. SSIM as Wang et al. 2004 define it: an 11-sample Gaussian of sigma 1.5. `worst_gap` is the largest
amount by which one size of ours is below theirs, in the mean over the images; negative when it is above in every size.
"""

import json
import os
import sys
from multiprocessing import Pool

import numpy
from PIL import Image, ImageOps

SIZES = ("large", "medium", "thumbnail")
KERNEL = numpy.exp(-((numpy.arange(11) - 5) ** 2) / (2 * 1.5**2)).astype(numpy.float32)
KERNEL /= KERNEL.sum()
source, ours, theirs = sys.argv[1:4]
Image.MAX_IMAGE_PIXELS = None


def blurred(plane):
    rows = sum(weight * plane[:, at : plane.shape[1] - 10 + at] for at, weight in enumerate(KERNEL))
    return sum(weight * rows[at : rows.shape[0] - 10 + at] for at, weight in enumerate(KERNEL))


def similarity(a, b):
    a, b = a.astype(numpy.float32), b.astype(numpy.float32)
    mean_a, mean_b = blurred(a), blurred(b)
    variances = blurred(a * a) - mean_a**2 + blurred(b * b) - mean_b**2
    covariance = blurred(a * b) - mean_a * mean_b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    map_ = (2 * mean_a * mean_b + c1) * (2 * covariance + c2) / ((mean_a**2 + mean_b**2 + c1) * (variances + c2))
    return float(map_.mean())


def upright(path):
    image = ImageOps.exif_transpose(Image.open(path))
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def compare(name):
    image = upright(os.path.join(source, name))
    references = {}
    scores = {}
    for size in SIZES:
        for label, path in (
            ("ours", os.path.join(ours, f"{os.path.splitext(name)[0]}_{size}.jpg")),
            ("theirs", os.path.join(theirs, f"{name}_{size}.jpg")),
        ):
            made = Image.open(path).convert("RGB")
            # The reference takes each one's own size: rounding of the free side is a matter of taste.
            if made.size not in references:
                references[made.size] = numpy.asarray(image.resize(made.size, Image.Resampling.LANCZOS))
            wanted, got = references[made.size], numpy.asarray(made)
            scores[label, size] = sum(similarity(got[..., c], wanted[..., c]) for c in range(3)) / 3
    return scores


if __name__ == "__main__":
    names = sorted(name for name in os.listdir(source) if not name.startswith("."))
    with Pool(2) as pool:
        scores = pool.map(compare, names, 1)
    mean = {key: sum(score[key] for score in scores) / len(scores) for key in scores[0]}
    for size in SIZES:
        print(f"ssim {size}: ours {mean['ours', size]:.5f}, libvips {mean['theirs', size]:.5f}", file=sys.stderr)
    print(
        json.dumps(
            {
                "ssim": round(sum(mean["ours", size] for size in SIZES) / 3, 5),
                "vips_ssim": round(sum(mean["theirs", size] for size in SIZES) / 3, 5),
                "worst_gap": round(max(mean["theirs", size] - mean["ours", size] for size in SIZES), 5),
            }
        )
    )
