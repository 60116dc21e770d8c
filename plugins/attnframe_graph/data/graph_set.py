"""Many graphs as arrays, and the edges of all of them as a model takes them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SELF_KIND = 0
"""The kind of a self-loop; those that the data bring count from 1."""


@dataclass(frozen=True)
class GraphSet:
    """Graphs with a target each, their nodes and edges side by side.

    Args:
        names: of the G graphs.
        sizes: (G,) int64 nodes of each.
        features: (N, F) float32 of the nodes of all graphs, one after the other. feature_names: of the F features.
        edges: (2, M) int64, row 0 the source and row 1 the target, numbered over all N nodes.
        kinds: (M,) int64 index into `kind_names`; all 0 where edges are alike.
        kind_names: of the kinds of edges; empty where edges are alike.
        targets: (G,) int64 class indices, or float64 values where `classes` is empty.
        parts: (G,) uint8: train, val, test as in `attnframe.plugin.splitting`, or `NO_PART` for all.
        classes: their names; empty in regression.
    """

    names: tuple[str, ...]
    sizes: npt.NDArray[np.int64]
    features: npt.NDArray[np.float32]
    feature_names: tuple[str, ...]
    edges: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.int64]
    kind_names: tuple[str, ...]
    targets: npt.NDArray[np.int64] | npt.NDArray[np.float64]
    parts: npt.NDArray[np.uint8]
    classes: tuple[str, ...] = ()

    @property
    def graph(self) -> npt.NDArray[np.int64]:
        """(N,) which graph each node is of."""
        return np.repeat(np.arange(len(self.sizes), dtype=np.int64), self.sizes)

    @property
    def digest(self) -> str:
        """sha256 (hex) of everything that a model learns from."""
        found = hashlib.sha256("\n".join((*self.classes, *self.feature_names, *self.kind_names)).encode())
        for array in (self.sizes, self.features, self.edges, self.kinds, self.targets, self.parts):
            found.update(np.ascontiguousarray(array).tobytes())
        return found.hexdigest()


def linked(
    graphs: GraphSet, *, undirected: bool, self_loops: bool
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Edges (2, M) and kinds (M,) as a model takes them: each edge once, sorted by target and source, so that those of
    a graph lie side by side; kinds of the data count from 1, and a self-loop has kind 0.

    Args:
        graphs: with edges as the data bring them; one may stand there twice, the first one's kind counts then.
        undirected: whether an edge is followed both ways.
        self_loops: whether each node is its own neighbour; without them a loop that the data bring is left out.
    """
    nodes, edges, kinds = int(graphs.sizes.sum()), graphs.edges, graphs.kinds + 1
    if undirected:
        edges, kinds = np.concatenate([edges, edges[::-1]], 1), np.concatenate([kinds, kinds])
    between = edges[0] != edges[1]
    edges, kinds = edges[:, between], kinds[between]
    if self_loops:
        edges = np.concatenate([edges, np.arange(nodes, dtype=np.int64)[None].repeat(2, 0)], 1)
        kinds = np.concatenate([kinds, np.full(nodes, SELF_KIND, np.int64)])
    places, first = np.unique(edges[1] * nodes + edges[0], return_index=True)
    target, source = np.divmod(places, max(nodes, 1))
    return np.stack([source, target]), kinds[first]


def with_degrees(graphs: GraphSet, most: int) -> GraphSet:
    """The graphs with features that say how many others each node is joined to.

    Args:
        graphs: the graphs.
        most: degree from which on all degrees share a feature, so `most` + 1 are added.
    """
    edges, _ = linked(graphs, undirected=True, self_loops=False)
    degree = np.minimum(np.bincount(edges[1], minlength=len(graphs.features)), most)
    columns = np.eye(most + 1, dtype=np.float32)[degree]
    names = (*(f"degree {number}" for number in range(most)), f"degree {most} or more")
    return GraphSet(
        **{
            **vars(graphs),
            "features": np.concatenate([graphs.features, columns], 1),
            "feature_names": (*graphs.feature_names, *names),
        }
    )


def one_hot(
    values: npt.NDArray[np.int64], name: str, known: tuple[int, ...] | None = None
) -> tuple[npt.NDArray[np.float32], tuple[str, ...]]:
    """A column (N, V) for each value that occurs, or that is `known`, and the columns' names."""
    found = np.array(sorted(set(values.tolist()) if known is None else known), np.int64)
    return (values[:, None] == found).astype(np.float32), tuple(f"{name} {value}" for value in found)
