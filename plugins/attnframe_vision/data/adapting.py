"""Bringing any picture to the form that the data have: mode, size, and plain background where the data have one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from attnframe_vision.recipes.pictures import Fit

PLAIN = 0.6
"""Least share of border pixels of about one brightness in a picture with a plain background; what is shown may touch
the border."""
UNREADABLE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)
"""What Pillow raises for files that are no pictures, broken, cut off, or far too large."""
STANDS_OUT = 0.25
"""Distance from the background's brightness from which a pixel belongs to what is shown, in [0, 1]."""


def why_unreadable(error: Exception) -> str:
    """The reason of one of `UNREADABLE`, without the path that the caller names."""
    if isinstance(error, UnidentifiedImageError):
        return "no known picture format"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def to_array(picture: Image.Image, height: int, width: int, channels: int, fit: Fit) -> npt.NDArray[np.uint8]:
    """A picture as (C, height, width) uint8: turned upright as its camera says, transparency over white, resized with
    antialiasing.

    Args:
        picture: any mode and size.
        height: pixels. width: pixels.
        channels: 1 for grey, 3 for RGB.
        fit: how a picture of another shape gets there.
    """
    picture.draft(
        "L" if channels == 1 else "RGB", (2 * width, 2 * height)
    )  # lets JPEG decode large photographs at a fraction
    picture = flatten(picture, channels)
    size = (width, height)
    if picture.size != size:
        if fit == "crop":
            picture = ImageOps.fit(picture, size, Image.Resampling.BICUBIC)
        elif fit == "pad":
            picture = ImageOps.pad(picture, size, Image.Resampling.BICUBIC)
        else:
            picture = picture.resize(size, Image.Resampling.BICUBIC)
    array = np.asarray(picture)
    return array[None] if channels == 1 else np.ascontiguousarray(array.transpose(2, 0, 1))


def flatten(picture: Image.Image, channels: int) -> Image.Image:
    """A picture upright, without transparency (white shows through), as 8-bit grey (1 channel) or RGB (3)."""
    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I") or picture.mode == "F":
        values = np.asarray(picture, np.float32)
        top = (
            65535.0
            if picture.mode.startswith("I") and values.max(initial=0) > 255
            else max(float(values.max(initial=0)), 1.0)
        )
        top = 255.0 if picture.mode.startswith("I") and values.max(initial=0) <= 255 else top
        picture = Image.fromarray(np.clip(values * (255 / top), 0, 255).astype(np.uint8))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    return picture.convert("L" if channels == 1 else "RGB")


def background_of(images: npt.NDArray[np.uint8]) -> float | None:
    """Brightness in [0, 1] of the plain background that pictures (N, 1, H, W) share; None when they have none.

    Three of four pictures must have a plain border of that brightness.
    """
    if images.shape[1] != 1:
        return None
    border = np.concatenate(
        [images[:, 0, 0], images[:, 0, -1], images[:, 0, :, 0], images[:, 0, :, -1]], 1
    ) / np.float32(255)
    brightness = float(np.median(border))
    near = (np.abs(border - brightness) <= STANDS_OUT).mean(1)
    return brightness if (near >= PLAIN).mean() >= 0.75 else None


def fill_of(images: npt.NDArray[np.uint8], background: float) -> float:
    """Median share of a side of pictures (N, 1, H, W) that the longer side of what stands out takes, in (0, 1]."""
    stands = np.abs(images[:, 0] / np.float32(255) - background) > STANDS_OUT
    tall, wide = (_extent(stands.any(axis)) for axis in (2, 1))
    found = np.maximum(tall / stands.shape[1], wide / stands.shape[2])
    return float(np.median(found[found > 0])) if (found > 0).any() else 1.0


def _extent(present: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Length from the first to the last True of each row (N, L); 0 for none."""
    length = present.shape[1]
    first, last = present.argmax(1), length - 1 - present[:, ::-1].argmax(1)
    return np.where(present.any(1), last - first + 1, 0)


def to_plain(picture: Image.Image, background: float, fill: float) -> Image.Image:
    """A grey picture cut to what stands out, on a square of the data's background, inverted where its own background
    is the opposite.

    Args:
        picture: grey, any size.
        background: brightness of the data's background, in [0, 1].
        fill: share of the square's side that what stands out shall take, in (0, 1].

    Returns:
        the new picture; the same one when its border is not plain or nothing stands out.
    """
    values = np.asarray(picture, np.float32) / 255
    border = np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
    own = float(np.median(border))
    if (np.abs(border - own) <= STANDS_OUT).mean() < PLAIN:
        return picture
    if abs(own - background) > 0.5:
        values, own = 1 - values, 1 - own
    stands = np.abs(values - own) > STANDS_OUT
    if not stands.any():
        return picture
    rows, columns = (np.flatnonzero(stands.any(axis)) for axis in (1, 0))
    shown = values[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    shown = shown + np.float32(background - own)  # its own background becomes the data's
    side = max(round(max(shown.shape) / fill), max(shown.shape))
    square = np.full((side, side), background, np.float32)
    top, left = (side - shown.shape[0]) // 2, (side - shown.shape[1]) // 2
    square[top : top + shown.shape[0], left : left + shown.shape[1]] = shown
    return Image.fromarray(np.rint(np.clip(square, 0, 1) * 255).astype(np.uint8))
