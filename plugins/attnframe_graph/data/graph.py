"""One graph as arrays."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

NO_PART: Final = 3
"""The number of no part, beside those of `attnframe.plugin.splitting`."""
PARTS: Final = ("train", "val", "test")
UNLABELLED: Final = -1


@dataclass(frozen=True)
class Graph:
    """A graph with labels of some nodes.

    Args:
        names: of the N nodes.
        features: (N, F) float32. feature_names: of the F features.
        edges: (2, M) int64, row 0 the source and row 1 the target, as the data bring them.
        labels: (N,) int64 class indices, -1 for none.
        parts: (N,) uint8: `TRAIN`, `VAL`, `TEST` or `NO_PART`.
        classes: their names.
    """

    names: tuple[str, ...]
    features: npt.NDArray[np.float32]
    feature_names: tuple[str, ...]
    edges: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    parts: npt.NDArray[np.uint8]
    classes: tuple[str, ...]

    @property
    def digest(self) -> str:
        """sha256 (hex) of everything that a model learns from."""
        found = hashlib.sha256("\n".join((*self.classes, *self.feature_names)).encode())
        for array in (self.features, self.edges, self.labels, self.parts):
            found.update(np.ascontiguousarray(array).tobytes())
        return found.hexdigest()


def neighbours(
    edges: npt.NDArray[np.int64], nodes: int, *, undirected: bool, self_loops: bool
) -> npt.NDArray[np.int64]:
    """Edges (2, M) as a model takes them: each once, sorted by target and source.

    Args:
        edges: (2, M) as the data bring them; an edge may stand there twice.
        nodes: N.
        undirected: whether an edge is followed both ways.
        self_loops: whether each node is its own neighbour; without them a loop that the data bring is left out.
    """
    if undirected:
        edges = np.concatenate([edges, edges[::-1]], 1)
    edges = edges[:, edges[0] != edges[1]]
    if self_loops:
        edges = np.concatenate([edges, np.arange(nodes, dtype=np.int64)[None].repeat(2, 0)], 1)
    target, source = np.divmod(np.unique(edges[1] * nodes + edges[0]), max(nodes, 1))
    return np.stack([source, target])
