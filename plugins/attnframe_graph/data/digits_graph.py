"""The neighbour graph of scikit-learn's digits."""

from __future__ import annotations

import numpy as np

from attnframe_graph.data.graph import NO_PART, Graph

LEVELS = 16
"""Brightness levels above black."""


def digits_graph(count: int) -> Graph:
    """1,797 digits of 8 x 8 pixels, each joined to the `count` nearest in Euclidean distance.

    Args:
        count: neighbours of each, at least 1.
    """
    from sklearn.datasets import load_digits
    from sklearn.neighbors import NearestNeighbors

    found = load_digits()
    pixels = found.data.astype(np.float32) / LEVELS
    near = NearestNeighbors(n_neighbors=count + 1, algorithm="brute").fit(pixels).kneighbors(return_distance=False)
    near = near[:, :count].astype(np.int64)
    nodes = len(pixels)
    edges = np.stack([near.ravel(), np.repeat(np.arange(nodes), count)])
    return Graph(
        names=tuple(f"digit {number}" for number in range(nodes)),
        features=pixels,
        feature_names=tuple(f"row {row} column {column}" for row in range(8) for column in range(8)),
        edges=edges,
        labels=found.target.astype(np.int64),
        parts=np.full(nodes, NO_PART, np.uint8),
        classes=tuple("0123456789"),
    )
