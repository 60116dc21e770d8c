"""Bringing other pictures to the form that a trained model knows: its classes, size and channels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image

from attnframe.errors import DataError, Fault
from attnframe.plugin.contract import Facts
from attnframe_vision.data.adapting import to_array
from attnframe_vision.data.pictures import Pictures


def as_known(pictures: Pictures, facts: Facts) -> Pictures:
    """Pictures with the classes, in the order, and of the size and channels that `facts` name.

    Raises:
        DataError: with every class that the model was not trained on.
    """
    known = {name: number for number, name in enumerate(facts["classes"])}
    works = f"Known: {', '.join(known)}."
    faults = [
        Fault(f"class {name}", "must be one that the model was trained on", "", works)
        for name in pictures.classes
        if name not in known
    ]
    if faults:
        raise DataError(faults)
    numbers = np.array([known[name] for name in pictures.classes], np.int64)
    images, channels, (height, width) = pictures.images, facts["channels"], facts["size"]
    if images.shape[1:] != (channels, height, width):
        images = np.stack([to_array(_picture(one), height, width, channels, facts["fit"]) for one in images])
    return replace(pictures, images=images, labels=numbers[pictures.labels], classes=tuple(known), fit=facts["fit"])


def _picture(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Image.Image:
    """(C, H, W) pixels as a picture."""
    return Image.fromarray(pixels[0] if pixels.shape[0] == 1 else np.ascontiguousarray(pixels.transpose(1, 2, 0)))
