"""Coarse-to-fine attention: near keys one by one, far ones by the means of cells that grow with their distance."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.backends.tiling import take
from attnframe.attention.mixer import Call, Mixer, share_heads
from attnframe.attention.mixers.aligned import Aligned, check_blocks
from attnframe.attention.mixers.pyramid import Pyramid
from attnframe.attention.mixers.shortcut import is_causal
from attnframe.attention.mixers.softmax import SoftmaxMixer
from attnframe.attention.normalisers import Softmax
from attnframe.errors import ConfigurationError, Fault


class CoarseToFineMixer(Mixer):
    """Softmax attention over a hierarchy of cells, in time n log n.

    out_i = sum_c n_c exp(<q_i, mean_c k> / sqrt(E)) mean_c v / sum_c n_c exp(<q_i, mean_c k> / sqrt(E))

    The cells c cover the keys that query i may see, each once, and hold n_c real tokens. Key j is in a cell of 2^a
    neighbouring tokens, where a counts the levels m = 0, 1, ... at which the blocks of b 2^m tokens that hold i and j
    neither are the same nor touch: so near keys count one by one, and cells grow with distance. These are the blocks
    and means of H-Transformer-1D (Zhu & Soricut 2021, https://arxiv.org/abs/2107.11906). Queries are not averaged, as
    they are there, because a mean would tell a token of later ones; so time is n log n, as in Fast Multipole Attention
    (Kang et al. 2023, https://arxiv.org/abs/2310.11960). A row of no more than two blocks gets softmax attention
    exactly, and so does one whose far keys are alike.

    Args:
        block: tokens b of a block of level 0, even, at least 2.

    Shapes: query (B, H, T, E), key (B, K, S, E), value (B, K, S, V) to (B, H, T, V).

    Raises:
        ConfigurationError: when `block` is below 2 or odd.
    """

    takes_bias = False

    def __init__(self, block: int) -> None:
        super().__init__()
        if block < 2 or block % 2:
            must = "must be even and at least 2, so that its halves are cells of the next level"
            raise ConfigurationError(Fault("block (CoarseToFineMixer)", must, str(block)))
        self.block = block
        self.attend = SoftmaxMixer()

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        check_blocks(self, call, _WORKS)
        if call.extent.keys <= 2 * self.block:
            out: Tensor = self.attend(query, key, value, call)
            return out
        view = self._view(call, range(call.extent.queries))
        means = [view.pyramid.means(view.keys.forth(one)) for one in (key, value)]
        keys, values = (take(one, view.cells) for one in means)
        tiles = view.tiles(query)
        bias, empty = view.bias(query)
        mixed = F.scaled_dot_product_attention(
            tiles, keys, values, attn_mask=bias, enable_gqa=query.shape[1] != key.shape[1]
        )
        return view.rows_of(mixed.masked_fill(empty, 0.0))

    def weights(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        """What each value counts for in an output: (B, H, rows, S), a cell's weight shared out among its tokens."""
        check_blocks(self, call, _WORKS)
        if call.extent.keys <= 2 * self.block:
            return self.attend.weights(query, key, call, rows)
        query = query[:, :, rows]
        view = self._view(call, range(*rows.indices(call.extent.queries)))
        means = view.pyramid.means(view.keys.forth(key))
        tiles, keys = view.tiles(query), take(means, view.cells)
        scores = tiles @ share_heads(tiles, keys).mT * query.shape[3] ** -0.5
        bias, empty = view.bias(query)
        shown = _SOFTMAX.dense(scores + bias, ~(empty | bias.isinf()))
        index = view.cells[:, :, None, None].expand(len(query), -1, -1, -1, -1).flatten(0, 1)
        whole = shown.new_zeros(*shown.shape[:3], means.shape[2])
        by_cell = view.rows_of(whole.scatter_add(3, index.expand_as(shown), shown))
        return view.keys.back(view.pyramid.spread(by_cell))

    def extra_repr(self) -> str:
        return f"block={self.block}"

    def _view(self, call: Call, rows: range) -> _View:
        keys, causal = Aligned.of(call), is_causal(call)
        pyramid = Pyramid.over(keys.real, self.block, keys.first is not None and not causal)
        place = keys.queries(rows)
        if len(rows) == 1:
            offset, places = torch.zeros_like(place), place.unsqueeze(1)
        else:
            offset = place[:, :1] % self.block
            count = (len(rows) - 2) // self.block + 2  # Wherever the first query stands in its block.
            slots = torch.arange(count * self.block, device=place.device).view(1, count, -1)
            places = (place[:, :1] - offset).unsqueeze(-1) + slots
        cells, exist = pyramid.seen(places[..., 0].div(self.block, rounding_mode="floor"), causal)
        return _View(keys, pyramid, len(rows), offset, places, cells, exist, causal)


@dataclass(frozen=True)
class _View:
    """Queries in tiles and the cells that each tile sees.

    Args:
        keys: the keys by place. pyramid: their cells.
        count: query rows T.
        offset: (B or 1, 1) where the first of them stands in the first tile.
        places: (B or 1, n, t) place of each query of a tile.
        cells: (B or 1, n, w) cells that a tile sees. exist: (B or 1, n, w) True where there is one.
        causal: whether a query sees only itself and what came before.
    """

    keys: Aligned
    pyramid: Pyramid
    count: int
    offset: Tensor
    places: Tensor
    cells: Tensor
    exist: Tensor
    causal: bool

    def tiles(self, query: Tensor) -> Tensor:
        """query (B, H, T, E) as (B * n, H, t, E)."""
        size = self.places.shape[2]
        slot = torch.arange(self.places.shape[1] * size, device=query.device) - self.offset
        return take(query, slot.view(len(slot), -1, size))

    def rows_of(self, tiles: Tensor) -> Tensor:
        """tiles (B * n, H, t, V) as (B, H, T, V)."""
        number, size = self.places.shape[1:]
        whole = tiles.view(-1, number, *tiles.shape[1:]).transpose(1, 2).flatten(2, 3)
        if len(self.offset) == 1 and number * size == self.count:
            return whole
        slot = torch.arange(self.count, device=tiles.device) + self.offset
        return whole.gather(2, slot[:, None, :, None].expand(len(whole), whole.shape[1], -1, whole.shape[3]))

    def bias(self, query: Tensor) -> tuple[Tensor, Tensor]:
        """What is added to the scores of queries (B, H, T, E): (B * n, 1, t, w), -inf for hidden cells; and True
        (B * n, 1, t, 1) for queries that see none, whose bias is 0.
        """
        real = self.pyramid.count
        count = real.gather(1, self.cells.flatten(1).expand(len(real), -1)) if len(real) > 1 else real[0][self.cells]
        count = count.view(-1, *self.cells.shape[1:]).masked_fill(~self.exist, 0)
        bias = count.to(torch.float32).log().unsqueeze(2)  # (B or 1, n, 1, w)
        if self.causal:
            # Single tokens are the first of the cells, and others lie wholly before the block.
            near = torch.arange(self.cells.shape[2], device=count.device) < 2 * self.pyramid.block
            later = near & (self.cells.unsqueeze(2) > self.places.unsqueeze(3))
            bias = bias.masked_fill(later, float("-inf"))
        empty = (bias == float("-inf")).all(dim=-1, keepdim=True)
        bias = bias.masked_fill(empty, 0.0).to(query.dtype)
        bias, empty = (one.expand(len(query), -1, -1, -1).flatten(0, 1).unsqueeze(1) for one in (bias, empty))
        return bias, empty


_WORKS = "Use attention=window or attention=mha."
_SOFTMAX = Softmax()
