"""The simple method that every keyword spotter is compared with: the nearest class-mean spectrogram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F

if TYPE_CHECKING:
    from attnframe_speech.data.keywords import KeywordSplit

STEPS = 16
"""Times that each recording is read at, evenly spaced, whatever its length."""


def nearest_mean(train: KeywordSplit, test: KeywordSplit) -> dict[str, Any]:
    """Accuracy and macro F1 on the test part of the class whose mean spectrogram is nearest.

    Spectrograms are brought to 16 times and each recording to mean 0 and norm 1.
    """
    from sklearn.metrics import accuracy_score, f1_score
    from sklearn.neighbors import NearestCentroid

    fitted = NearestCentroid().fit(_spectrograms(train), train.labels.numpy())
    answer, truth = fitted.predict(_spectrograms(test)), test.labels.numpy()
    return {
        "name": "nearest class-mean spectrogram",
        "test/accuracy": float(accuracy_score(truth, answer)),
        "test/f1": float(f1_score(truth, answer, average="macro")),
    }


def _spectrograms(split: KeywordSplit) -> npt.NDArray[np.float32]:
    """(n, STEPS * F) of a part."""
    found = []
    for number in range(len(split)):
        features = split.batch(torch.tensor([number]))["features"]
        found.append(F.interpolate(features.transpose(1, 2), STEPS, mode="linear", align_corners=True))
    flat = torch.cat(found).flatten(1)
    flat = flat - flat.mean(1, keepdim=True)
    return F.normalize(flat).numpy()
