"""The simple method that every detector is compared with: boxes of mean size at mean places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from attnframe_vision.detection.data.scenes import NO_OBJECT
from attnframe_vision.detection.metrics import Found, Objects, average_precision

if TYPE_CHECKING:
    from attnframe_vision.detection.data.module import SceneSplit

BATCH = 256
"""Pictures whose boxes are looked at together."""


def mean_boxes(train: SceneSplit, test: SceneSplit, classes: int) -> dict[str, Any]:
    """Average precision on the test part of the same boxes for every picture.

    Of each class they have the mean size in training, as many as its most frequent number in pictures that show it, at
    the means of as many clusters of its boxes' centres (k-means), scored by the boxes of the cluster over the training
    pictures.

    Args:
        train: training part. test: test part.
        classes: number of classes.
    """
    boxes, labels = _boxes(train)
    found = [_of_class(boxes, labels == number) for number in range(classes)]
    everywhere = Found(
        boxes=torch.cat([boxes for boxes, _ in found]),
        scores=torch.cat([scores for _, scores in found]),
        labels=torch.cat([torch.full((len(scores),), number) for number, (_, scores) in enumerate(found)]),
    )
    batches = (test.batch(indices) for indices in torch.split(torch.arange(len(test)), BATCH))
    there = [one for batch in batches for one in Objects.of(batch)]
    scored = average_precision([everywhere] * len(there), there)
    name = f"class-mean boxes ({len(everywhere.scores)} in every picture)"
    return {"name": name, **{f"test/{metric}": value for metric, value in scored.items()}}


def _boxes(split: SceneSplit) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Boxes (N, M, 4) and labels (N, M), those that are ignored without an object."""
    labels = split.scenes["labels"].where(~split.scenes["ignored"], torch.tensor(NO_OBJECT))
    return split.scenes["boxes"][split.members].numpy(), labels[split.members].numpy()


def _of_class(boxes: np.ndarray[Any, Any], shown: np.ndarray[Any, Any]) -> tuple[torch.Tensor, torch.Tensor]:
    """Boxes (k, 4) and scores (k,) of the class whose objects are `shown` (N, M)."""
    from sklearn.cluster import KMeans

    counts = shown.sum(1)
    number = int(np.bincount(counts[counts > 0]).argmax())
    own = boxes[shown].reshape(-1, 2, 2)
    centres, half = own.mean(1), (own[:, 1] - own[:, 0]).mean(0) / 2
    clusters = KMeans(min(number, len(np.unique(centres, axis=0))), random_state=0, n_init=1).fit(centres)
    means = clusters.cluster_centers_
    scores = np.bincount(clusters.labels_, minlength=len(means)) / len(boxes)
    placed = np.concatenate([means - half, means + half], 1)
    return torch.from_numpy(placed).float(), torch.from_numpy(scores).float()
