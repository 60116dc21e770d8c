"""Graphs of a user's own to predict for, and batches of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from attnframe.plugin.contract import Facts
from attnframe_graph.data.encoding import encoded
from attnframe_graph.data.graph_set import GraphSet, linked
from attnframe_graph.data.graph_split import Union
from attnframe_graph.data.smiles_csv import read_smiles
from attnframe_graph.data.tu_folder import read_tu_folder, write_example


def read_graphs(source: str, facts: Facts) -> list[tuple[str, GraphSet]]:
    """The graphs of a folder in the TU format, or of SMILES, as `facts` says; classes and values are not looked at.

    Raises:
        DataError: with everything that is wrong with the source, features that the model does not know included.
    """
    smiles = facts["form"] == "smiles"
    graphs = read_smiles(source) if smiles else read_tu_folder(Path(source), labelled=False, where="input")
    return [(source, encoded(graphs, facts))]


def write_example_graphs(folder: Path, facts: Facts) -> str:
    """Two graphs in the form that `read_graphs` reads."""
    if facts["form"] == "smiles":
        file = folder / "molecules.csv"
        file.write_text("smiles\nCCO\nc1ccccc1\n", encoding="utf-8")
        return str(file)
    return str(write_example(folder / "shapes", facts["features"], facts["kinds"]))


def batches_of(
    inputs: Iterable[tuple[str, Any]], facts: Facts, batch_size: int, device: torch.device
) -> Iterator[tuple[tuple[str, ...], dict[str, Tensor]]]:
    """The names of some graphs, and the batch of them.

    Args:
        inputs: of `read_graphs`. facts: of the model.
        batch_size: graphs at a time. device: of the model.
    """
    for _, graphs in inputs:
        edges, kinds = linked(graphs, undirected=facts["undirected"], self_loops=facts["self_loops"])
        union = Union(graphs.sizes, graphs.features, edges, kinds)
        for first in range(0, len(graphs.names), batch_size):
            chosen = torch.arange(first, min(first + batch_size, len(graphs.names)))
            batch = {name: part.to(device) for name, part in union.take(chosen).items()}
            yield graphs.names[first : first + batch_size], batch
