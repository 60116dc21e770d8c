"""Blocks of sequences and tokens change no result."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from attnframe.attention.recurrence import DeltaRule, ScalarDecay, Tokens, blocks
from attnframe.attention.recurrence.blocks import in_blocks

Make = Callable[..., Tokens]


@pytest.mark.parametrize("room", [1, 60, 150, 10**6])
@pytest.mark.parametrize("begun", [False, True])
def test_any_size_gives_the_same_output_state_and_gradient(
    make: Make, monkeypatch: pytest.MonkeyPatch, room: int, begun: bool
) -> None:
    tokens = make(23, "scalar", fresh=True)
    state = torch.randn(2, 3, 5, 4, dtype=torch.float64) if begun else None
    chunk, sizes = 4, []

    def form(some: Tokens, before: Tensor | None) -> tuple[Tensor, Tensor]:
        sizes.append((some.batch, some.length))
        return DeltaRule().chunked(some, before, chunk)

    monkeypatch.setattr(blocks, "BLOCK", room)
    found = in_blocks(form, tokens, state, chunk)
    expected = DeltaRule().chunked(tokens, state, chunk)
    leaves = [tokens.query, tokens.key, tokens.value, tokens.decay, tokens.rate]
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other)
        slopes = [
            torch.autograd.grad(x.square().sum(), leaves, retain_graph=True, allow_unused=True) for x in (one, other)
        ]
        torch.testing.assert_close(*slopes)
    assert sizes[0] == ((2, 23) if room == 10**6 else (1, 4 if room < 120 else 8))


def test_tokens_are_cut_by_one_operator_that_joins_their_gradients(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slice for each block would fill up a gradient of the whole sequence each time."""
    monkeypatch.setattr(blocks, "BLOCK", 1)
    tokens = make(64, "scalar")
    out, _ = in_blocks(lambda some, state: ScalarDecay().chunked(some, state, 4), tokens, None, 4)
    consumers: dict[str, set[str]] = {}
    leaves = {"query": tokens.query, "key": tokens.key, "value": tokens.value, "decay": tokens.decay}
    queue, seen = [out.grad_fn], set()
    while queue:
        node = queue.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        for parent, _ in node.next_functions:
            queue.append(parent)
            for name, leaf in leaves.items():
                if parent is not None and getattr(parent, "variable", None) is leaf:
                    consumers.setdefault(name, set()).add(node.name())
    assert consumers == {name: {"SplitBackward0"} for name in leaves}
