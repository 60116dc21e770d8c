"""Batches of graphs."""

from __future__ import annotations

from collections.abc import Callable

import torch
from attnframe_graph.data.graph_set_module import GraphSetModule


def test_a_batch_is_its_graphs_side_by_side(made_set: Callable[..., GraphSetModule]) -> None:
    split = made_set().train
    chosen = torch.tensor([7, 0, 7])
    batch = split.batch(chosen)
    start = 0
    for number, index in enumerate(chosen.tolist()):
        alone = split.batch(torch.tensor([index]))
        nodes = int(alone["sizes"][0])
        own = batch["graph"] == number
        assert batch["labels"][number] == alone["labels"][0]
        assert own.nonzero().flatten().tolist() == list(range(start, start + nodes))
        assert torch.equal(batch["features"][own], alone["features"])
        inside = (batch["edges"][1] >= start) & (batch["edges"][1] < start + nodes)
        assert torch.equal(batch["edges"][:, inside] - start, alone["edges"])
        assert torch.equal(batch["kinds"][inside], alone["kinds"])
        start += nodes
    assert len(batch["features"]) == start
    assert (batch["edges"][1].diff() >= 0).all()
