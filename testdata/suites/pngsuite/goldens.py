#!/usr/bin/python3
"""Writes goldens.txt: for each good picture of PngSuite its size and the SHA-256
of its pixels as libpng reads them, through libvips.

A pixel is red, green, blue and alpha of 16 bits each, big-endian, not multiplied
by alpha: gray is repeated, and values of fewer bits are scaled by 65535/max. Gamma
and background are not applied. What Pillow, which takes libpng too, reads at its
full depth is compared.

    apt-get install libvips-tools python3-pil
    python3 goldens.py > goldens.txt
"""

import glob
import hashlib
import subprocess
import sys
import tempfile

from PIL import Image


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode()


def libpng(name):
    """Returns width, height and the pixels of a PNG."""
    width, height, bands = (int(run("vipsheader", "-f", field, name)) for field in ("width", "height", "bands"))
    size = 2 if "USHORT" in run("vipsheader", "-f", "format", name) else 1
    with tempfile.NamedTemporaryFile(suffix=".raw") as raw:
        run("vips", "rawsave", name, raw.name)
        body = raw.read()
    values = [int.from_bytes(body[i : i + size], sys.byteorder) for i in range(0, len(body), size)]
    assert len(values) == width * height * bands, name
    if size == 1:
        values = [257 * v for v in values]
    pixels = []
    for i in range(0, len(values), bands):
        p = values[i : i + bands]
        colour = p[:3] if bands > 2 else p[:1] * 3
        pixels += colour + (p[-1:] if bands in (2, 4) else [65535])
    return width, height, pixels


def compare(name, pixels):
    """Holds the pixels of a file of at most 8 bits against Pillow's."""
    with open(name, "rb") as f:
        if f.read(26)[24] == 16:
            return
    image = Image.open(name)
    # Pillow takes the transparent gray of fewer than 8 bits for one of 8.
    channels = 3 if image.mode == "L" and "transparency" in image.info else 4
    got = [257 * v for v in image.convert("RGBA").tobytes()]
    for i in range(0, len(got), 4):
        # Colours below full transparency are the same, too.
        assert got[i : i + channels] == pixels[i : i + channels], (name, i // 4)


def main():
    for name in sorted(glob.glob("*.png")):
        if name.startswith("x"):
            continue
        width, height, pixels = libpng(name)
        compare(name, pixels)
        raw = b"".join(v.to_bytes(2, "big") for v in pixels)
        print(name, f"{width}x{height}", hashlib.sha256(raw).hexdigest())


main()
