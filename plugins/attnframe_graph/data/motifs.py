"""Generated trees with motifs hung on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from attnframe_graph.data.graph import NO_PART
from attnframe_graph.data.graph_set import GraphSet
from attnframe_graph.recipes.motifs import CLASSES

MOTIFS = (
    ((0, 1), (1, 2), (2, 3), (3, 4), (4, 0)),
    ((0, 1), (1, 2), (2, 3), (3, 0), (0, 4), (1, 4)),
    ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)),
)
"""The edges of a ring, a house and a clique."""
TREE = (8, 24)
"""Nodes of a tree: at least, and fewer than."""
CHORDS = 6
"""Fewer edges than this are added to a tree at random, so that its motif does not show in the degrees alone."""
MOST = 4
"""Motifs of a graph at most, where they are counted."""


def motifs(size: int, *, count: bool) -> GraphSet:
    """Random trees with motifs hung on; the same ones every time.

    Args:
        size: graphs G.
        count: whether up to four motifs are hung on, and the number of triangles is the target; else one or none, and
            which one is.
    """
    generator = np.random.default_rng(0)
    sizes, edges, targets, start = [], [], [], 0
    for number in range(size):
        if count:
            hung = generator.integers(len(MOTIFS), size=generator.integers(MOST + 1)).tolist()
        else:
            hung = [number % len(CLASSES)] if number % len(CLASSES) < len(MOTIFS) else []
        nodes, links = _graph(hung, generator)
        targets.append(_triangles(nodes, links) if count else number % len(CLASSES))
        sizes.append(nodes)
        edges.append(links + start)
        start += nodes
    joined = np.concatenate(edges, 1)
    return GraphSet(
        names=tuple(f"graph {number}" for number in range(size)),
        sizes=np.array(sizes, np.int64),
        features=np.ones((start, 1), np.float32),
        feature_names=("node",),
        edges=joined,
        kinds=np.zeros(joined.shape[1], np.int64),
        kind_names=(),
        targets=np.array(targets, np.float64) if count else np.array(targets, np.int64),
        parts=np.full(size, NO_PART, np.uint8),
        classes=() if count else CLASSES,
    )


def _graph(hung: list[int], generator: np.random.Generator) -> tuple[int, npt.NDArray[np.int64]]:
    """A random tree whose every node hangs on an earlier one, and motifs joined to nodes of it: nodes and edges."""
    nodes = int(generator.integers(*TREE))
    links = [(node, int(generator.integers(node))) for node in range(1, nodes)]
    tree = nodes
    links += [tuple(generator.choice(tree, 2, replace=False).tolist()) for _ in range(generator.integers(CHORDS))]
    for motif in hung:
        links += [(nodes + source, nodes + target) for source, target in MOTIFS[motif]]
        links.append((nodes, int(generator.integers(tree))))
        nodes += 1 + max(max(pair) for pair in MOTIFS[motif])
    return nodes, np.array(links, np.int64).T


def _triangles(nodes: int, links: npt.NDArray[np.int64]) -> int:
    """A sixth of the closed walks of three steps."""
    joined = np.zeros((nodes, nodes), np.int64)
    joined[links[0], links[1]] = joined[links[1], links[0]] = 1
    return int(np.trace(joined @ joined @ joined)) // 6
