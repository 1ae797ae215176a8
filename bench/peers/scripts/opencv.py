"""The ten lines that imgpar grew out of, made fast: Pool(workers).map(convert, files).

usage: opencv.py gray|width|thumb PIXELS LIST OUT WORKERS

imread turns pictures upright. Gray reads the luma alone; what is made smaller is read
by OpenCV at 1/2, 1/4 or 1/8 where that leaves 1.65 times the result, as imgpar does.
"""
import os
import sys
from multiprocessing import Pool

import cv2

work, pixels, source, out, workers = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5])
cv2.setNumThreads(1)  # the processes are the workers
REDUCED = {8: cv2.IMREAD_REDUCED_COLOR_8, 4: cv2.IMREAD_REDUCED_COLOR_4, 2: cv2.IMREAD_REDUCED_COLOR_2}


def jpeg_size(path):
    """Width and height in the frame header of a JPEG; OpenCV tells them only after decoding."""
    with open(path, "rb") as f:
        if f.read(2) != b"\xff\xd8":
            return None
        while True:
            head = f.read(4)
            if len(head) < 4 or head[0] != 0xFF:
                return None
            if 0xC0 <= head[1] <= 0xCF and head[1] not in (0xC4, 0xC8, 0xCC):
                frame = f.read(5)
                return int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big")
            f.seek(int.from_bytes(head[2:4], "big") - 2, 1)


def reduced(path):
    """The smallest reading that is large enough."""
    size = jpeg_size(path)
    if size:
        side = size[0] if work == "width" else min(size)
        for by, flag in REDUCED.items():
            if side / by >= 1.65 * pixels:
                return flag
    return cv2.IMREAD_COLOR


def convert(job):
    number, path = job
    extension = os.path.splitext(path)[1].lower()
    options = [cv2.IMWRITE_JPEG_QUALITY, 85] if extension in (".jpg", ".jpeg") else []
    try:
        cv2.imwrite(os.path.join(out, f"{number}{extension}"), made(path), options)
    except Exception as error:  # one bad file costs one file
        print(f"{path}: {error}", file=sys.stderr)


def made(path):
    image = cv2.imread(path, cv2.IMREAD_GRAYSCALE if work == "gray" else reduced(path))
    height, width = image.shape[:2]
    if work == "thumb":
        side = min(width, height)
        x, y = (width - side) // 2, (height - side) // 2
        image = image[y : y + side, x : x + side]
        return image if side <= pixels else cv2.resize(image, (pixels, pixels), interpolation=cv2.INTER_AREA)
    if work == "width" and width > pixels:
        return cv2.resize(image, (pixels, max(1, int(height * pixels / width + 0.5))), interpolation=cv2.INTER_AREA)
    return image


if __name__ == "__main__":
    with open(source, encoding="utf-8", errors="surrogateescape") as f:
        files = [name for name in f.read().split("\n") if name]
    with Pool(workers) as pool:
        pool.map(convert, enumerate(files))
