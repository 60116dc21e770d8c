"""Long inputs in blocks: some sequences and some of their tokens at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import torch
from torch import Tensor

from attnframe.attention.recurrence.tokens import Tokens

BLOCK: Final = 2**18
"""Numbers in the queries of a block on a CPU, about, for each thread: what is made of them stays in its cache."""

Form = Callable[[Tokens, Tensor | None], tuple[Tensor, Tensor | None]]
"""Tokens of a block and the state before them to their outputs (b, H, t, V) and the state after them, or None where
that is not wanted."""


def in_blocks(form: Form, tokens: Tokens, state: Tensor | None, chunk: int) -> tuple[Tensor, Tensor | None]:
    """Outputs (B, H, T, V) and the state (B, H, E, V) after the last token, or None where `form` gives none.

    Args:
        form: what is done with a block. tokens: all of them. state: before the first, None for 0.
        chunk: tokens of which blocks are whole multiples; all of them for a form that gives no state.
    """
    sequences, rows = _sizes(tokens, chunk)
    outs, states = [], []
    for n, some in enumerate(tokens.split(sequences, 0)):
        held = None if state is None else state[n * sequences : (n + 1) * sequences]
        parts = []
        for block in some.split(rows, 2):
            out, held = form(block, held)
            parts.append(out.transpose(1, 2))
        outs.append(parts[0] if len(parts) == 1 else torch.cat(parts, dim=1))
        if held is not None:
            states.append(held)
    out = outs[0] if len(outs) == 1 else torch.cat(outs)
    return out.transpose(1, 2), None if not states else states[0] if len(states) == 1 else torch.cat(states)


def _sizes(tokens: Tokens, chunk: int) -> tuple[int, int]:
    """Sequences and tokens of a block."""
    batch, heads, length, width = tokens.query.shape
    if tokens.query.device.type != "cpu" or torch.compiler.is_compiling():
        return batch, length
    room = BLOCK * torch.get_num_threads() // max(1, heads * width)
    rows = max(1, room // chunk) * chunk
    return max(1, room // max(1, min(rows, length))), rows
