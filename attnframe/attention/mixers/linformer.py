"""Linformer attention: keys and values projected along the sequence."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from attnframe.attention.mixer import Call, Mixer, share_heads
from attnframe.attention.mixers.shortcut import valid_keys
from attnframe.errors import ConfigurationError, Fault
from attnframe.masks import Padding, terms


class LinformerMixer(Mixer):
    """Softmax attention to a fixed number of learned mixtures of keys and values (Wang et al. 2020, https://arxiv.org/abs/2006.04768).

    out_i = sum_r softmax_r(<q_i, sum_j E_jr k_j> / sqrt(d)) sum_j F_jr v_j,  r = 1..R

    E and F are learned and shared by all heads. Their row j is that of the j-th real key, so padding changes nothing
    wherever it stands. Every mixture may hold every key, so there is no causal form, and no other mask than padding.

    Args:
        max_length: most keys S, at least 1: rows of E and F.
        rank: mixtures R, at least 1 (k in the paper).

    Attributes:
        key_map: E (max_length, R). value_map: F (max_length, R).

    Shapes: query (B, H, T, E), key (B, K, S, E), value (B, K, S, V) to (B, H, T, V).

    Raises:
        ConfigurationError: when an argument is below 1.
    """

    takes_bias = False

    def __init__(self, max_length: int, rank: int) -> None:
        super().__init__()
        sizes = {"max_length": max_length, "rank": rank}
        found = [Fault(f"{name} (LinformerMixer)", "must be at least 1", str(n)) for name, n in sizes.items() if n < 1]
        if found:
            raise ConfigurationError(found)
        self.max_length, self.rank = max_length, rank
        self.key_map = nn.Parameter(torch.empty(max_length, rank))
        self.value_map = nn.Parameter(torch.empty(max_length, rank))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw both maps from a normal distribution of variance 1 / R, as the paper's theorem has it."""
        for one in (self.key_map, self.value_map):
            nn.init.normal_(one, std=self.rank**-0.5)

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        self._check(call)
        keys = _mixtures(_rows(self.key_map, call), key)
        values = _mixtures(_rows(self.value_map, call), value)
        return F.scaled_dot_product_attention(query, keys, values, enable_gqa=query.shape[1] != key.shape[1])

    def weights(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        """What each value counts for in an output, (B, H, rows, S): softmax times F, so it may be negative."""
        self._check(call)
        keys = share_heads(query, _mixtures(_rows(self.key_map, call), key))
        scores = query[:, :, rows] @ keys.mT * query.shape[3] ** -0.5
        return torch.softmax(scores, dim=-1) @ _rows(self.value_map, call).mT.unsqueeze(-3)

    def extra_repr(self) -> str:
        return f"max_length={self.max_length}, rank={self.rank}"

    def _check(self, call: Call) -> None:
        other = dict.fromkeys(type(term).__name__ for term in terms(call.mask) if not isinstance(term, Padding))
        if other:
            reason = f"mixes all keys before a query sees them, so it serves no {' or '.join(other)} mask"
            raise self.refusal(reason, "Use attention=mha or attention=linear.")
        if call.extent.keys > self.max_length:
            reason = f"serves max_length={self.max_length} keys, not {call.extent.keys}"
            raise self.refusal(reason, f"Use attention.max_length={call.extent.keys} or more.")


def _rows(table: Tensor, call: Call) -> Tensor:
    """The row of each key, (S, R) or with padding (B or 1, S, R): that of its place among real keys, 0 for padding."""
    keys, valid = call.extent.keys, valid_keys(call)
    if valid is None:
        return table[:keys]
    valid = valid.expand(-1, keys)
    return table[valid.cumsum(dim=-1).sub(1).clamp(min=0)] * valid.unsqueeze(-1)


def _mixtures(rows: Tensor, x: Tensor) -> Tensor:
    """sum_j rows_jr x_j for keys or values x (B, K, S, E), as (B, K, R, E)."""
    batch, heads, length, width = x.shape
    # All heads in one product; a projection hands them over side by side, so that this is no copy.
    mixed = rows.mT @ x.transpose(1, 2).reshape(batch, length, heads * width)
    return mixed.view(batch, -1, heads, width).transpose(1, 2)
