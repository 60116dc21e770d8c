"""Settings that all data sets of one graph share. Torch-free."""

from __future__ import annotations

from abc import ABC
from typing import Annotated

from attnframe.plugin.contract import DataRecipe, Facts
from attnframe.recipe import AtLeast, frozen


@frozen
class GraphData(DataRecipe, ABC):
    """One graph with labelled nodes. A step sees the whole graph, and the labels of one batch of nodes.

    Args:
        batch_size: labelled nodes per step.
        self_loops: whether each node is its own neighbour.
        undirected: whether an edge is followed both ways.
    """

    batch_size: Annotated[int, AtLeast(1)] = 4096
    self_loops: bool = True
    undirected: bool = True


def nominal(classes: tuple[str, ...], nodes: int, features: int, edges: int) -> Facts:
    """Facts of a graph as they are known before it is read."""
    names = [str(number) for number in range(features)]
    return {
        "classes": list(classes),
        "features": names,
        "nodes": nodes,
        "edges": edges,
        "undirected": True,
        "self_loops": True,
    }
