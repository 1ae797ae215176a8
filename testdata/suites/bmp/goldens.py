#!/usr/bin/python3
"""Writes goldens.txt: for each good picture its size and the SHA-256 of its
pixels, as this slow reader finds them, which has nothing in common with the one
that is tested.

A pixel is red, green, blue and alpha of 16 bits each, big-endian, not multiplied
by alpha: 8 bits times 257. Fields of a mask are v*255/max, rounded to nearest.
Pictures that Pillow reads right are compared with it.

    apt-get install python3-pil
    python3 goldens.py > goldens.txt
"""

import glob
import hashlib
import struct
from fractions import Fraction

from PIL import Image

# What Pillow 9.4 refuses, or reads otherwise: run lengths of 4 bits wrongly; alpha of
# 16 bits not at all; and of 16 bits the fields are rounded down, as is seen below.
PILLOW_DIFFERS = {"pal4rle.bmp", "pal4rlecut.bmp", "pal4rletrns.bmp", "V5_A1_R5_G5_B5.bmp"}


def parse(d):
    size, = struct.unpack_from("<I", d, 14)
    pixels, = struct.unpack_from("<I", d, 10)
    if size == 12:
        w, h, _, bits = struct.unpack_from("<HHHH", d, 18)
        compression = used = 0
    else:
        w, h, _, bits, compression, _, _, _, used = struct.unpack_from("<iiHHIIiiI", d, 18)
    masks = list(struct.unpack_from("<4I", d, 54)) if size != 12 else [0] * 4
    at = 14 + size
    if size == 40 and compression in (3, 6):
        at += 12 if compression == 3 else 16
        masks[3] = masks[3] if compression == 6 else 0
    elif compression not in (3, 6):
        masks = [0x7C00, 0x3E0, 0x1F, 0] if bits == 16 else [0xFF0000, 0xFF00, 0xFF, 0]
    palette = []
    if bits <= 8:
        each = 3 if size == 12 else 4
        n = min(used or 1 << bits, 1 << bits, (pixels - at) // each)
        palette = [(d[at + i * each + 2], d[at + i * each + 1], d[at + i * each], 255) for i in range(n)]
    rle = compression in (1, 2) or compression == 4 and bits == 24
    return w, h, bits, d[pixels:], masks, palette, rle


def field(pixel, mask):
    if not mask:
        return 0
    shift = (mask & -mask).bit_length() - 1
    return int(Fraction((pixel & mask) >> shift) * 255 / (mask >> shift) + Fraction(1, 2))


def colour(pixel, masks):
    r, g, b, a = (field(pixel, m) for m in masks)
    return r, g, b, a if masks[3] else 255


def plain(w, h, bits, d, masks, palette):
    stride = (w * bits + 31) // 32 * 4
    rows = []
    for y in range(h):
        row = d[y * stride : (y + 1) * stride]
        number = int.from_bytes(row, "big")
        out = []
        for x in range(w):
            if bits <= 8:
                out.append(palette[number >> (len(row) * 8 - (x + 1) * bits) & (1 << bits) - 1])
            else:
                out.append(colour(int.from_bytes(row[x * bits // 8 : (x + 1) * bits // 8], "little"), masks))
        rows.append(out)
    return rows


def runs(w, h, bits, d, palette):
    rows = [[palette[0] if palette else (0, 0, 0, 255)] * w for _ in range(h)]
    x = y = at = 0

    def values(n, repeat):
        if bits == 24:
            step = 0 if repeat else 3
            return [(d[at + i * step + 2], d[at + i * step + 1], d[at + i * step], 255) for i in range(n)]
        if bits == 8:
            return [palette[d[at + (0 if repeat else i)]] for i in range(n)]
        return [palette[d[at + (0 if repeat else i // 2)] >> (0 if i % 2 else 4) & 15] for i in range(n)]

    while True:
        n, what = d[at], d[at + 1]
        if (n, what) == (0, 1):
            return rows
        if (n, what) == (0, 0):
            x, y, at = 0, y + 1, at + 2
            continue
        if (n, what) == (0, 2):
            x, y, at = x + d[at + 2], y + d[at + 3], at + 4
            continue
        if n:
            at += 1
            got = values(n, True)
            at += 3 if bits == 24 else 1
        else:
            at += 2
            got = values(what, False)
            at += (what * bits + 15) // 16 * 2
        for v in got:
            if x < w:
                rows[y][x] = v
            x += 1


def read(name):
    with open(name, "rb") as f:
        w, h, bits, d, masks, palette, rle = parse(f.read())
    rows = runs(w, abs(h), bits, d, palette) if rle else plain(w, abs(h), bits, d, masks, palette)
    if h > 0:
        rows.reverse()
    pixels = [p for row in rows for p in row]
    if not any(p[3] for p in pixels):  # alpha that means nothing
        pixels = [p[:3] + (255,) for p in pixels]
    return w, abs(h), bits, pixels


def compare(name, bits, pixels):
    try:
        image = Image.open(name)
        image.load()
    except (OSError, ValueError):
        return "refused by Pillow"
    if name in PILLOW_DIFFERS:
        return "Pillow differs"
    top = max(abs(a - b) for p, q in zip(pixels, image.convert("RGBA").getdata()) for a, b in zip(p, q))
    assert top == 0 or bits == 16 and top == 1, (name, top)
    return "as Pillow" if top == 0 else "as Pillow within 1"


def main():
    for name in sorted(glob.glob("*.bmp")):
        w, h, bits, pixels = read(name)
        raw = b"".join(struct.pack(">4H", *(257 * v for v in p)) for p in pixels)
        print(name, f"{w}x{h}", hashlib.sha256(raw).hexdigest(), compare(name, bits, pixels).replace(" ", "-"))


main()
