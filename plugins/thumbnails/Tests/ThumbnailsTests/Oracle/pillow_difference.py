"""Compares outputs with what Pillow makes of the same files.

pillow_difference.py IMAGES OUTPUTS prints a JSON object: for each file of OUTPUTS (`<path with / as @>.jpg`, of the image
IMAGES/<path>) the mean absolute difference of its samples from Pillow's decoding, turned upright, laid on white and resampled
by Lanczos; or the text of what Pillow says when it cannot read the image.
"""

import io
import json
import os
import sys

from PIL import Image, ImageChops, ImageCms, ImageOps, ImageStat


def upright(path):
    image = Image.open(path)
    image.load()
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I;16") or image.mode == "I":
        # Pillow keeps 16-bit grey as it is; 8 bits are its high bytes.
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image).convert("RGB")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            image = ImageCms.profileToProfile(
                image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except ImageCms.PyCMSError:
            pass
    return image.convert("RGB")


def difference(source, output):
    made = Image.open(output).convert("RGB")
    wanted = upright(source).resize(made.size, Image.Resampling.LANCZOS)
    return sum(ImageStat.Stat(ImageChops.difference(made, wanted)).mean) / 3


def main(images, outputs):
    Image.MAX_IMAGE_PIXELS = None
    found = {}
    for name in sorted(os.listdir(outputs)):
        path = name[: -len(".jpg")].replace("@", "/")
        try:
            found[path] = difference(os.path.join(images, path), os.path.join(outputs, name))
        except (OSError, SyntaxError, ValueError) as error:
            found[path] = str(error)
    print(json.dumps(found))


main(*sys.argv[1:])
