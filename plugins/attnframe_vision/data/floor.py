"""The simple method that every picture classifier is compared with: nearest neighbours on raw pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from attnframe_vision.data.module import PictureSplit

MOST_NEIGHBOURS = 5
MOST_WORK = 3e10
"""Multiplications of training by test pictures that the method may take, some seconds on a small machine."""


def nearest_neighbours(train: PictureSplit, val: PictureSplit, test: PictureSplit) -> dict[str, Any]:
    """Accuracy and macro F1 on the test part of k nearest neighbours in Euclidean distance, k of 1, 3 and 5 chosen on
    the validation part.

    All test pictures count. Where the training part is too large for some seconds of work, evenly spaced training
    pictures stand for it, and the method's name says how many.
    """
    from sklearn.metrics import accuracy_score, f1_score
    from sklearn.neighbors import NearestNeighbors

    pixels = train.images[0].numel()
    kept = min(len(train), max(int(MOST_WORK / (pixels * len(test))), 1000))
    chosen = np.linspace(0, len(train) - 1, kept).astype(np.int64)
    x_train, y_train = _arrays(train, chosen)
    x_val, y_val = _arrays(val, np.arange(min(len(val), len(test))))
    x_test, y_test = _arrays(test, np.arange(len(test)))
    finder = NearestNeighbors(n_neighbors=min(MOST_NEIGHBOURS, kept), algorithm="brute").fit(x_train)
    near_val = y_train[finder.kneighbors(x_val, return_distance=False)]
    near_test = y_train[finder.kneighbors(x_test, return_distance=False)]
    k = max(
        (k for k in (1, 3, 5) if k <= near_val.shape[1]), key=lambda k: accuracy_score(y_val, _vote(near_val[:, :k]))
    )
    answer = _vote(near_test[:, :k])
    among = "" if kept == len(train) else f", {kept} of {len(train)} training pictures"
    return {
        "name": f"nearest neighbours on pixels (k={k}{among})",
        "test/accuracy": float(accuracy_score(y_test, answer)),
        "test/f1": float(f1_score(y_test, answer, average="macro")),
    }


def _arrays(
    split: PictureSplit, chosen: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    import torch

    batch = split.batch(torch.from_numpy(chosen))
    return batch["pictures"].flatten(1).numpy().astype(np.float32), batch["labels"].numpy()


def _vote(near: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The commonest label of each row (n, k), the nearest one where several are."""
    counts = (near[:, :, None] == near[:, None, :]).sum(2)
    return np.take_along_axis(near, counts.argmax(1)[:, None], 1)[:, 0]
