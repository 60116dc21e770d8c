"""How large attention logits are: what grows before a training run diverges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from attnframe.attention.layer import Attention
from attnframe.attention.mixer import Call, Mixer
from attnframe.interpretation.chunks import row_chunks

MOST_SCORES = 2**26
"""Scores that are looked at in one call; of more, chunks of queries that are spread evenly."""


@dataclass(frozen=True)
class LogitSize:
    """Sizes of the attention logits of one call, over its visible keys; a query that may see none does not count.

    Args:
        largest: the largest logit; -inf when no query sees a key.
        log_sum_exp: mean over queries, heads and batch of log sum_j exp(s_ij); nan when no query sees a key.
    """

    largest: float
    log_sum_exp: float


@torch.no_grad()
def logit_size(mixer: Mixer, query: Tensor, key: Tensor, call: Call) -> LogitSize:
    """Sizes of the logits that one application of a mixer makes its weights from, computed in query chunks.

    Attention entropy collapses and training diverges when they grow (Dehghani et al. 2023,
    https://arxiv.org/abs/2302.05442; Zhai et al. 2023, https://arxiv.org/abs/2303.06296).

    Args:
        mixer: the mixer.
        query: (B, H, T, E). key: (B, K, S, E). call: what it was applied to.

    Raises:
        UnsupportedError: when the mixer makes its weights from no scores.
    """
    extent = call.extent
    chunks = row_chunks(extent, query.element_size())
    scores = extent.batch * extent.heads * extent.queries * extent.keys
    every = -(-scores // MOST_SCORES) if scores else 1
    largest = torch.tensor(-torch.inf, device=query.device)
    total, count = torch.zeros((), device=query.device), torch.zeros((), device=query.device)
    for rows in chunks[::every]:
        found = mixer.scores(query, key, call, rows).float()
        largest = torch.maximum(largest, found.amax())
        sums = torch.logsumexp(found, dim=-1)
        seeing = sums > -torch.inf
        total += sums.masked_fill(~seeing, 0.0).sum()
        count += seeing.sum()
    return LogitSize(largest.item(), (total / count).item())


def scoring_mixers(model: nn.Module) -> dict[str, Mixer]:
    """Every mixer in a model's attention layers that makes weights from scores, by the name of its layer; where a
    layer has several in a mixer that shows none, by the names of those parts as well.
    """
    found: dict[str, Mixer] = {}
    for name, layer in model.named_modules():
        if isinstance(layer, Attention):
            mixers = dict(_outermost(layer.mixer))
            for part, mixer in mixers.items():
                found[name if len(mixers) == 1 else f"{name}.{part}"] = mixer
    return found


def _outermost(module: nn.Module, name: str = "") -> Iterator[tuple[str, Mixer]]:
    """The mixers with scores in a module that are in no other one."""
    if isinstance(module, Mixer) and module.shows_scores:
        yield name, module
        return
    for part, child in module.named_children():
        yield from _outermost(child, f"{name}.{part}".strip("."))
