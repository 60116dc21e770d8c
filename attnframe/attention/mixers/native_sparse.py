"""Native sparse attention: means of blocks, some blocks chosen by them, and a window, gated by the token."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.mixer import Call, Mixer, share_heads
from attnframe.attention.mixers.aligned import Aligned, check_blocks
from attnframe.attention.mixers.chosen_blocks import ChosenBlocks
from attnframe.attention.mixers.shortcut import as_wide, is_causal
from attnframe.attention.mixers.softmax import SoftmaxMixer
from attnframe.attention.normalisers import Softmax
from attnframe.errors import ConfigurationError, Fault
from attnframe.masks import Window


class NativeSparseMixer(Mixer):
    """Native sparse attention (Yuan et al. 2025, https://arxiv.org/abs/2502.11089).

    out_i = g_1 attend(q_i, means of blocks) + g_2 attend(q_i, keys of chosen blocks) + g_3 attend(q_i, keys near i),
    g = sigmoid(x_i Wg + b), three gates a head

    Seen are the means of blocks that end no later than the query. Chosen are the first block, the query's own and the
    one before it, and those whose means get the most weight from the query heads of a group together: heads that share
    a key-value head share the choice. No gradient flows through the choice; the means learn by their own branch. As in
    flash-linear-attention, a block is summarised by its mean, where the paper has a learned map of overlapping blocks,
    and the branches share keys and values. A row of no more blocks than are chosen sees all of them. Time still grows
    with n m, but by one score for a whole block only.

    Args:
        block: tokens of a block, at least 1.
        num_selected: blocks chosen for a query, those three included, at least 3.
        window: other tokens visible before the query in the window, at least 0.

    Shapes: query (B, H, T, E), key (B, K, S, E), value (B, K, S, V) to (B, H, T, V).

    Raises:
        ConfigurationError: when an argument is too small.
    """

    takes_bias = False

    def __init__(self, block: int, num_selected: int, window: int) -> None:
        super().__init__()
        sizes = {"block": (block, 1), "num_selected": (num_selected, 3), "window": (window, 0)}
        found = [
            Fault(f"{name} (NativeSparseMixer)", f"must be at least {least}", str(size))
            for name, (size, least) in sizes.items()
            if size < least
        ]
        if found:
            raise ConfigurationError(found)
        self.signals = {"branches": 3}
        self.block, self.num_selected = block, num_selected
        self.window = Window(window, 0)
        self.attend = SoftmaxMixer()

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        self._check(call)
        keys = Aligned.of(call)
        near = self.attend(query, key, value, self._near(call))
        key_by_place, value_by_place = keys.forth(key), keys.forth(value)
        place = keys.queries(range(call.extent.queries))
        shares = self._shares(query, key_by_place, keys, place)
        coarse = shares.to(value.dtype) @ share_heads(query, self._means(value_by_place, keys))
        chosen = self._chosen(shares, key.shape[1], keys, place)
        if chosen is None:
            fine = self.attend(query, key, value, call)
        else:
            fine = chosen.attend(query, key_by_place, value_by_place)
        gates = torch.sigmoid(call.signals["branches"])
        out: Tensor = gates[..., :1] * coarse + gates[..., 1:2] * fine + gates[..., 2:] * near
        return out

    def weights(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        """What each value counts for in an output, (B, H, rows, S), gates included: they do not sum to one."""
        self._check(call)
        keys, picked = Aligned.of(call), query[:, :, rows]
        near = self.attend.weights(query, key, self._near(call), rows)
        by_place = keys.forth(key)
        place = keys.queries(range(*rows.indices(call.extent.queries)))
        shares = self._shares(picked, by_place, keys, place)
        each = (shares / self._count(keys).clamp(min=1)[:, None, None]).repeat_interleave(self.block, dim=3)
        coarse = keys.back(each[..., : key.shape[2]] * keys.real[:, None, None])
        chosen = self._chosen(shares, key.shape[1], keys, place)
        if chosen is None:
            fine = self.attend.weights(query, key, call, rows)
        else:
            fine = keys.back(chosen.weights(picked, by_place))
        gates = torch.sigmoid(call.signals["branches"][:, :, rows])
        return gates[..., :1] * coarse + gates[..., 1:2] * fine + gates[..., 2:] * near

    def extra_repr(self) -> str:
        return f"block={self.block}, num_selected={self.num_selected}, window={self.window}"

    def _check(self, call: Call) -> None:
        check_blocks(self, call, "Use attention=window or attention=mha.")
        if not is_causal(call):
            reason = "chooses among what came before, so it serves no non-causal attention"
            raise self.refusal(reason, "Use attention=block or attention=mha.")

    def _near(self, call: Call) -> Call:
        return replace(call, mask=call.mask & self.window)

    def _count(self, keys: Aligned) -> Tensor:
        """Real tokens (B or 1, C) of each block."""
        return self._cut(keys.real.unsqueeze(-1)).sum(dim=2).squeeze(-1)

    def _means(self, x: Tensor, keys: Aligned) -> Tensor:
        """Mean of the real tokens of each block of x (B, K, S, E), as (B, K, C, E)."""
        return (as_wide(self._cut(x)).sum(dim=3) / self._count(keys).clamp(min=1)[:, None, :, None]).to(x.dtype)

    def _cut(self, x: Tensor) -> Tensor:
        """x (..., S, E) as (..., C, block, E), filled up with 0."""
        filled = F.pad(x, (0, 0, 0, -x.shape[-2] % self.block))
        return filled.view(*x.shape[:-2], -1, self.block, x.shape[-1])

    def _shares(self, query: Tensor, key: Tensor, keys: Aligned, place: Tensor) -> Tensor:
        """Weights (B, H, T, C) of the means of blocks that end no later than the query."""
        means, count = self._means(key, keys), self._count(keys)
        last = torch.arange(1, count.shape[1] + 1, device=place.device) * self.block - 1
        seen = (last <= place.unsqueeze(-1)) & (count > 0).unsqueeze(1)
        return _SOFTMAX.dense(query @ share_heads(query, means).mT * query.shape[3] ** -0.5, seen.unsqueeze(1))

    def _chosen(self, shares: Tensor, groups: int, keys: Aligned, place: Tensor) -> ChosenBlocks | None:
        """The blocks that queries choose; None when there are no more than they may choose."""
        count = shares.shape[3]
        if count <= self.num_selected:
            return None
        total = shares.detach().view(len(shares), groups, -1, *shares.shape[2:]).sum(dim=2)
        own = place.div(self.block, rounding_mode="floor")[:, None, :, None]
        number = torch.arange(count, device=place.device)
        always = (number == 0) | (number == own) | (number == own - 1)
        ranks = total.masked_fill(always, float("inf")).masked_fill(number > own, -1.0)
        # Of equal ones the first, however many blocks there are: padded queries are 0, and so weigh all alike.
        index = ranks.argsort(dim=3, descending=True, stable=True)
        return ChosenBlocks(index[..., : self.num_selected], self.block, place, keys.real)


_SOFTMAX = Softmax()
