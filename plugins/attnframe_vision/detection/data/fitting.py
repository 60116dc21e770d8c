"""Fitting pictures of any size into that of the data, their shape kept."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from attnframe_vision.data.adapting import flatten


def fit_scale(height: int, width: int, new_height: int, new_width: int) -> float:
    """The factor by which a picture of `height` x `width` pixels is resized, so that it just fits."""
    return min(new_height / height, new_width / width)


def fit_picture(picture: Image.Image, new_height: int, new_width: int) -> tuple[npt.NDArray[np.uint8], tuple[int, int]]:
    """A picture as (3, new_height, new_width) uint8 in colour, upright, transparency over white, resized with
    antialiasing into the top left corner; what is free is filled with its mean colour.

    Returns:
        The pixels, and height and width of the upright picture before.
    """
    # Lets JPEG decode large photographs at a fraction; sizes are counted before.
    exchanged = picture.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    width, height = picture.size[::-1] if exchanged else picture.size
    longest = max(new_height, new_width)
    picture.draft("RGB", (2 * longest, 2 * longest))
    upright = flatten(picture, 3)
    scale = fit_scale(height, width, new_height, new_width)
    inner = (max(round(width * scale), 1), max(round(height * scale), 1))
    pixels = np.asarray(upright.resize(inner, Image.Resampling.BICUBIC) if upright.size != inner else upright)
    fitted = np.empty((new_height, new_width, 3), np.uint8)
    if inner != (new_width, new_height):
        fitted[:] = np.rint(pixels.mean((0, 1)))
    fitted[: inner[1], : inner[0]] = pixels
    return np.ascontiguousarray(fitted.transpose(2, 0, 1)), (height, width)
