"""The reference: softmax attention and its siblings in the fewest plain operations, for tests only.

It is short, slow and obvious. Every exact variant, backend and normaliser is held against it, so it shares no code with
them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor

NormaliserName = Literal["softmax", "softmax_plus_one", "sparsemax", "entmax", "sigmoid", "relu"]
RowNormaliser = Callable[[Tensor], Tensor]
"""Weights (n,) of the scores (n,) of the keys that a query sees."""
ScoreFunction = Callable[[Tensor, Tensor], Tensor]


def scaled_dot(query: Tensor, key: Tensor) -> Tensor:
    """Scores (T, S) of one head: query (T, E), key (S, E)."""
    return query @ key.T / math.sqrt(query.shape[-1])


def reference_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    allowed: Tensor | None = None,
    *,
    bias: Tensor | None = None,
    score: ScoreFunction = scaled_dot,
    normaliser: NormaliserName | RowNormaliser = "softmax",
) -> Tensor:
    """Attention, one query of one head at a time.

    Args:
        query: (B, H, T, E).
        key: (B, K, S, E); query head h reads key head h // (H / K).
        value: (B, K, S, E).
        allowed: bool, broadcastable to (B, H, T, S), True = may attend; None when all are.
        bias: broadcastable to (B, H, T, S), added to the scores.
        score: scores (T, S) from query (T, E) and key (S, E) of one head.
        normaliser: how the scores of the visible keys become weights, by name or as a function.

    Returns:
        (B, H, T, E); a query that sees no key gives 0.
    """
    return reference_weights(query, key, allowed, bias=bias, score=score, normaliser=normaliser) @ _by_head(
        value, query
    )


def reference_weights(
    query: Tensor,
    key: Tensor,
    allowed: Tensor | None = None,
    *,
    bias: Tensor | None = None,
    score: ScoreFunction = scaled_dot,
    normaliser: NormaliserName | RowNormaliser = "softmax",
) -> Tensor:
    """The weights (B, H, T, S) of `reference_attention`."""
    batch, heads, queries, _ = query.shape
    shape = (batch, heads, queries, key.shape[2])
    visible = torch.ones(shape, dtype=torch.bool) if allowed is None else allowed.expand(shape)
    keys = _by_head(key, query)
    normalise = _NORMALISE[normaliser] if isinstance(normaliser, str) else normaliser
    rows = []
    for b in range(batch):
        for h in range(heads):
            scores = score(query[b, h], keys[b, h])
            if bias is not None:
                scores = scores + bias.expand(shape)[b, h]
            for t in range(queries):
                seen = visible[b, h, t].nonzero().flatten()
                row = torch.zeros_like(scores[t])
                rows.append(row.index_copy(0, seen, normalise(scores[t, seen])) if len(seen) else row)
    return torch.stack(rows).view(shape)


def _by_head(tensor: Tensor, query: Tensor) -> Tensor:
    """Key or value (B, K, S, E) repeated to (B, H, S, E)."""
    return tensor.repeat_interleave(query.shape[1] // tensor.shape[1], dim=1)


def _softmax(scores: Tensor) -> Tensor:
    weights = torch.exp(scores - scores.max())
    return weights / weights.sum()


def _sigmoid(scores: Tensor) -> Tensor:
    return 1 / (1 + len(scores) * torch.exp(-scores))


def _softmax_plus_one(scores: Tensor) -> Tensor:
    weights = torch.exp(scores)
    return weights / (1 + weights.sum())


def _relu(scores: Tensor) -> Tensor:
    return scores.clamp(min=0) / math.sqrt(len(scores) / 2)


def _sparsemax(scores: Tensor) -> Tensor:
    # The support is the largest set of top scores whose threshold lies below all of them.
    ordered = scores.sort(descending=True).values
    for size in range(len(scores), 0, -1):
        threshold = (ordered[:size].sum() - 1) / size
        if ordered[size - 1] > threshold:
            break
    return (scores - threshold).clamp(min=0)


def _entmax(scores: Tensor) -> Tensor:
    """Alpha-entmax for alpha = 1.5."""
    ordered = scores.sort(descending=True).values / 2
    for size in range(len(scores), 0, -1):
        mean = ordered[:size].mean()
        rest = 1 - (ordered[:size] - mean).square().sum()
        if rest > 0 and ordered[size - 1] > mean - torch.sqrt(rest / size):
            break
    return (scores / 2 - mean + torch.sqrt(rest / size)).clamp(min=0).square()


_NORMALISE: dict[str, RowNormaliser] = {
    "softmax": _softmax,
    "softmax_plus_one": _softmax_plus_one,
    "sparsemax": _sparsemax,
    "entmax": _entmax,
    "sigmoid": _sigmoid,
    "relu": _relu,
}
