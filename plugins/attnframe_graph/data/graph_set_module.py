"""The data module of many graphs with a target each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from attnframe.errors import DataError, Fault
from attnframe.plugin.data import DataModule
from attnframe.plugin.splitting import TEST, TRAIN, VAL, complete_parts
from attnframe_graph.data.encoding import encoded, facts_of
from attnframe_graph.data.graph import NO_PART, PARTS
from attnframe_graph.data.graph_set import GraphSet, linked
from attnframe_graph.data.graph_split import GraphSplit, Union
from attnframe_graph.data.histogram import histogram_floor, regression_floor
from attnframe_graph.recipes.graph_sets import GraphSetData


class GraphSetModule(DataModule):
    """Graphs with a class or a value each.

    Facts: those of `facts_of`, which say how nodes and edges are encoded and what the targets are.

    Args:
        recipe: how edges are read and graphs are split.
        read: reads the graphs, or raises `DataError`.
        splitter: how graphs without a part are split, in words.
        held_out: share of a fold's training graphs that validation holds out; with 0 it repeats them.
    """

    train: GraphSplit
    val: GraphSplit
    test: GraphSplit

    def __init__(
        self,
        recipe: GraphSetData,
        read: Callable[[], GraphSet],
        splitter: str = "random",
        held_out: float = 0.1,
    ) -> None:
        self.recipe, self.read, self.splitter, self.held_out = recipe, read, splitter, held_out

    def setup(self) -> None:
        graphs = self.read()
        known = self.known_facts
        graphs = replace(graphs, parts=self._parts(graphs))
        if faults := self._faults(graphs):
            raise DataError(faults)
        self.facts = facts_of(graphs, self.recipe) if known is None else known
        graphs = encoded(graphs, self.facts)
        edges, kinds = linked(graphs, undirected=self.facts["undirected"], self_loops=self.facts["self_loops"])
        self.digest = replace(graphs, edges=edges, kinds=kinds).digest
        union = Union(graphs.sizes, graphs.features, edges, kinds)
        key = "labels" if graphs.classes else "values"
        targets = torch.from_numpy(graphs.targets if graphs.classes else graphs.targets.astype(np.float32))
        self.train, self.val, self.test = (
            GraphSplit(torch.from_numpy(np.flatnonzero(graphs.parts == part)), targets, key, union)
            for part in (TRAIN, VAL, TEST)
        )
        if self.repeats_training:
            self.val = self.train
        self.protocol = {"split": self._split_in_words(), "graphs": len(graphs.names)}

    @property
    def repeats_training(self) -> bool:
        """Whether validation repeats the training graphs, since a fold of the data holds none out."""
        return self.recipe.fold is not None and not self.held_out

    def floor(self) -> dict[str, Any]:
        made = histogram_floor if self.facts.get("classes") else regression_floor
        return made(self.train, self.val, self.test)

    def _parts(self, graphs: GraphSet) -> Any:
        """Parts in which train, val and test occur, unless a fold says that nothing is held out."""
        parts = np.full(len(graphs.names), TRAIN, np.uint8) if (graphs.parts == NO_PART).all() else graphs.parts
        strata = graphs.targets if graphs.classes else np.zeros(len(parts), np.int64)
        if self.recipe.fold is None:
            return complete_parts(parts, strata.astype(np.int64), self.recipe.split)
        if self.repeats_training:
            return parts
        return complete_parts(parts, strata.astype(np.int64), (1 - self.held_out, self.held_out, 0.0))

    def _split_in_words(self) -> str:
        if self.recipe.fold is None:
            shares = " / ".join(f"{share:g}" for share in self.recipe.split)
            return f"{self.splitter}, {shares}" + (", seed 0" if self.splitter.endswith("random") else "")
        held = f"{self.held_out:g} of train" if self.held_out else "no graph"
        return f"given fold {self.recipe.fold} of {self.recipe.folds}, {held} held out for validation"

    def _faults(self, graphs: GraphSet) -> list[Fault]:
        found = []
        for part, name in enumerate(PARTS):
            if part == VAL and self.repeats_training:
                continue
            if not (graphs.parts == part).any():
                works = "Give more graphs, or give each part a share with data.split=[0.8,0.1,0.1]."
                found.append(Fault(f"part {name}", "must hold graphs", "none", works))
            elif self.known_facts is None and len(graphs.classes) == 2:
                (held, *others) = np.unique(graphs.targets[graphs.parts == part])
                if not others:  # the area under a curve would be that of nothing
                    got = f"{graphs.classes[int(held)]} alone"
                    works = "Give more graphs, or split them otherwise."
                    found.append(Fault(f"part {name}", "must hold graphs of both classes", got, works))
        if self.known_facts is None and graphs.classes:
            trained = np.bincount(graphs.targets[graphs.parts == TRAIN].astype(np.int64), minlength=len(graphs.classes))
            for name, count in zip(graphs.classes, trained, strict=True):
                if not count:
                    found.append(Fault(f"class {name}", "must have graphs to train on", "none", "Give more of them."))
        return found
