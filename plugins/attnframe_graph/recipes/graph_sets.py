"""Settings that all data sets of many graphs share. Torch-free."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable
from typing import Annotated, ClassVar, Literal

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts
from attnframe.recipe import AtLeast, Between, frozen

Form = Literal["tu", "smiles"]
"""How a user's own graphs are written: a folder in the TU format, or a table or text of SMILES."""


@frozen
class GraphSetData(DataRecipe, ABC):
    """Graphs with a class or a value each. A batch is one graph of several components.

    Args:
        batch_size: graphs per step.
        self_loops: whether each node is its own neighbour.
        undirected: whether an edge is followed both ways.
        degrees: whether a node's degree counts among its features.
    """

    form: ClassVar[Form] = "tu"
    continuous: ClassVar[bool] = False
    """Whether targets are values rather than classes."""

    batch_size: Annotated[int, AtLeast(1)] = 32
    self_loops: bool = True
    undirected: bool = True
    degrees: bool = True


@frozen
class FoldedData(GraphSetData, ABC):
    """Graphs with given folds.

    Args:
        held_out: share of a fold's training graphs that validation holds out, in [0, 0.5]. With 0 validation repeats
            the training graphs, for a protocol that tests the last epoch and selects nothing.
    """

    folds: ClassVar[int] = 10

    held_out: Annotated[float, Between(0, 0.5)] = 0.1


@frozen
class OwnData(GraphSetData, ABC):
    """Graphs of a user's own, which `path` names."""

    needed: ClassVar[str]
    """What `path` must be."""

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.path is None:
            yield self.fault("path", f"must be {self.needed}", "Give data.path=PATH.")


def nominal(recipe: GraphSetData, features: int, kinds: tuple[str, ...], classes: tuple[str, ...]) -> Facts:
    """Facts of graphs as they are known before they are read."""
    facts: Facts = {
        "features": [str(number) for number in range(features)],
        "kinds": list(kinds),
        "degrees": 8 if recipe.degrees else -1,
        "shift": [0.0] * features,
        "scale": [1.0] * features,
        "nodes": 32,
        "mean_nodes": 16.0,
        "undirected": recipe.undirected,
        "self_loops": recipe.self_loops,
        "form": recipe.form,
    }
    if recipe.continuous:
        return {**facts, "mean": 0.0, "deviation": 1.0}
    return {**facts, "classes": list(classes)}
