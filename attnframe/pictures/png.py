"""Arrays as PNG files inside a page."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray

_COLOUR_TYPES = {1: 0, 3: 2, 4: 6}


def png_uri(pixels: NDArray[np.uint8]) -> str:
    """A ``data:`` address of an 8-bit PNG (https://www.w3.org/TR/png-3/), the same bytes for the same pixels.

    Args:
        pixels: (H, W) grey, (H, W, 3) red green blue, or (H, W, 4) with opacity; of at least one pixel.
    """
    deep = pixels[..., None] if pixels.ndim == 2 else pixels
    height, width, channels = deep.shape
    rows = deep.reshape(height, width * channels)
    above = np.vstack([np.zeros_like(rows[:1]), rows[:-1]])
    filtered = np.hstack([np.full((height, 1), 2, np.uint8), rows - above])  # filter 2: each row less the one above
    head = struct.pack(">IIBBBBB", width, height, 8, _COLOUR_TYPES[channels], 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", zlib.compress(filtered.tobytes(), 9)), (b"IEND", b"")
    whole = b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in parts)
    return "data:image/png;base64," + base64.b64encode(whole).decode()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def shrink(array: NDArray[np.float64], side: int) -> NDArray[np.float64]:
    """An array (H, W, ...) whose sides are at most `side`, cells averaged where there are more; what is not a number is
    left out of a mean.
    """
    for axis in (0, 1):
        size = array.shape[axis]
        if size > side:
            starts = np.linspace(0, size, side, endpoint=False).astype(int)
            known = ~np.isnan(array)
            total = np.add.reduceat(np.where(known, array, 0), starts, axis=axis)
            count = np.add.reduceat(known.astype(np.float64), starts, axis=axis)
            array = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return array
