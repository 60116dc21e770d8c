from __future__ import annotations

import numpy as np
from attnframe_vision.detection.data.scenes import NO_OBJECT
from attnframe_vision.detection.data.shapes import ShapesSource


def test_every_drawing_is_the_same() -> None:
    one, other = ShapesSource(20).read(), ShapesSource(30).read()
    assert (one.images == other.images[:20]).all()
    assert (one.boxes == other.boxes[:20]).all()
    assert ShapesSource(20).fingerprint() != ShapesSource(30).fingerprint()


def test_boxes_hold_what_is_drawn_and_lie_inside() -> None:
    scenes = ShapesSource(100).read()
    there = scenes.labels != NO_OBJECT
    assert there.any(1).all()
    assert set(scenes.labels[there]) == {0, 1, 2}
    boxes = scenes.boxes[there]
    assert boxes.min() >= 0
    assert boxes.max() <= 64
    brightness = scenes.images.max(1)
    inside = np.zeros(brightness.shape, bool)
    for picture, (found, labels) in enumerate(zip(scenes.boxes.astype(int), scenes.labels, strict=True)):
        for left, top, right, bottom in found[labels != NO_OBJECT]:
            inside[picture, top:bottom, left:right] = True
    assert (brightness[~inside] < 150).mean() > 0.999
    assert (brightness[inside] > 150).mean() > 0.6
