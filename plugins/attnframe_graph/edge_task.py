"""What the tasks on graphs have in common. Torch-free."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, ModelRecipe, Parts, Task
from attnframe.recipes.capabilities import Needs
from attnframe.recipes.position.base import PositionKind


class EdgeTask(Task, ABC):
    """Base of the tasks whose nodes see their neighbours alone, so that attention must take an edge list."""

    provides: ClassVar[frozenset[PositionKind]] = frozenset({"graph"})
    refuses: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "attention_rnn": "nodes have no order in which to be read",
            "attention_cnn": "nodes stand on no grid",
            "hierarchical": "a graph has no parts of equal size",
        }
    )

    def needs(self, model: ModelRecipe) -> Needs:
        return Needs(edges=True)

    def faults(self, parts: Parts, data: DataRecipe) -> Iterable[Fault]:
        return ()
