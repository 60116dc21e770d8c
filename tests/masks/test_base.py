from __future__ import annotations

import dataclasses

import pytest
import torch
from torch import Tensor

from attnframe.masks import Causal, Dense, Documents, Edges, Extent, Full, Function, Padding, Prefix, Window, lower

VALID = torch.ones(2, 4, dtype=torch.bool)


def near(batch: Tensor, head: Tensor, query: Tensor, key: Tensor) -> Tensor:
    return (query - key).abs() < 2


def test_masks_cannot_be_changed() -> None:
    field = "left"
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(Window(1, 1), field, 2)


def test_equality_is_by_rule_and_tensor_object() -> None:
    assert Causal() == Causal()
    assert Window(1, 2) == Window(1, 2) != Window(2, 1)
    assert Prefix(3) == Prefix(3)
    assert Padding(VALID) == Padding(VALID)
    assert Padding(VALID) != Padding(VALID.clone())
    assert Causal() & Window(1, 0) == Causal() & Window(1, 0)
    assert Function(near) == Function(near)
    assert Causal() != Full()
    assert len({Causal(), Causal(), Window(1, 1), Window(1, 1), Padding(VALID), Padding(VALID)}) == 3


@pytest.mark.parametrize(
    ("mask", "text"),
    [
        (Causal(), "Causal()"),
        (Window(4, None), "Window(left=4, right=None)"),
        (Padding(VALID), "Padding(valid=bool[2, 4])"),
        (Function(near), "Function(fn=near)"),
        (Causal() & Padding(VALID), "Causal() & Padding(valid=bool[2, 4])"),
        ((Causal() | Prefix(2)) & Window(1, 1), "(Causal() | Prefix(lengths=2)) & Window(left=1, right=1)"),
        (Causal() & Prefix(2) | Full() & Window(1, 1), "(Causal() & Prefix(lengths=2)) | Window(left=1, right=1)"),
        (~(Causal() | Prefix(2)), "~(Causal() | Prefix(lengths=2))"),
        (~Causal(), "~Causal()"),
    ],
)
def test_reads_like_the_expression_that_made_it(mask: object, text: str) -> None:
    assert repr(mask) == text


def test_moves_all_its_tensors() -> None:
    edges = Edges(torch.tensor([[0, 1], [1, 2]]), 4)
    mask = (
        (Causal() | Prefix(torch.tensor([1, 2])))
        & ~Padding(VALID)
        & edges
        & Dense(VALID, "BS")
        & Documents(VALID.int())
    )
    moved = mask.to("meta")
    assert lower(moved, Extent(2, 1, 4, 4, device=torch.device("meta"))).device.type == "meta"
    assert lower(mask, Extent(2, 1, 4, 4)).device.type == "cpu"
    assert Causal().to("meta") == Causal()


def test_rows_and_positions_of_an_extent() -> None:
    at = Extent(2, 3, 4, 6).indices(slice(1, 3))
    assert at.query.flatten().tolist() == [1, 2]
    assert at.query_position.flatten().tolist() == [3, 4]
    assert at.key_position.flatten().tolist() == [0, 1, 2, 3, 4, 5]
    assert torch.broadcast_shapes(*(index.shape for index in (at.batch, at.head, at.query, at.key))) == (2, 3, 2, 6)


def test_a_compiled_model_may_join_and_lower_masks() -> None:
    def visible(x: Tensor, mask: Padding) -> Tensor:
        return lower(mask & Causal(), Extent(x.shape[0], 1, x.shape[1], x.shape[1], device=x.device)).sum()

    compiled = torch.compile(visible, fullgraph=True, backend="eager")
    for seed in range(3):
        mask = Padding(torch.rand(2, 4, generator=torch.Generator().manual_seed(seed)) > 0.3)
        assert compiled(torch.zeros(2, 4, 1), mask) == visible(torch.zeros(2, 4, 1), mask)
