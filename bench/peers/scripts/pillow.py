"""Pillow in Pool(workers).map(convert, files).

usage: pillow.py gray|width|thumb PIXELS LIST OUT WORKERS

draft() has libjpeg decode the luma alone, or at 1/2, 1/4 or 1/8; thumbnail() does so by itself.
"""
import os
import sys
from multiprocessing import Pool

from PIL import Image, ImageOps

work, pixels, source, out, workers = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5])


def convert(job):
    number, path = job
    extension = os.path.splitext(path)[1].lower()
    try:
        made(path).save(os.path.join(out, f"{number}{extension}"), quality=85)
    except Exception as error:  # one bad file costs one file
        print(f"{path}: {error}", file=sys.stderr)


def made(path):
    image = Image.open(path)
    orientation = image.getexif().get(0x0112, 1)
    if work == "gray":
        image.draft("L", image.size)
        image = image.convert("L")
    elif image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    if work == "width":
        box = (10**6, pixels) if orientation >= 5 else (pixels, 10**6)
        image.thumbnail(box, Image.LANCZOS, reducing_gap=1.0)
    if work == "thumb":
        image.draft(None, (pixels, pixels))
        side = min(pixels, *image.size)
        image = ImageOps.fit(image, (side, side), Image.LANCZOS)
    return ImageOps.exif_transpose(image) if orientation > 1 else image


if __name__ == "__main__":
    with open(source, encoding="utf-8", errors="surrogateescape") as f:
        files = [name for name in f.read().split("\n") if name]
    with Pool(workers) as pool:
        pool.map(convert, enumerate(files))
