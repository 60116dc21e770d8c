"""A variant of a user's own, whole: softmax over minus the L1 distance of query and key."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch

from attnframe import Attention
from attnframe.attention.mixer import Call, Mixer, share_heads
from attnframe.attention.normalisers import Softmax
from attnframe.recipe import frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.positions.base import Position


class LaplacianMixer(Mixer):
    """out_i = sum_j softmax_j(-|q_i - k_j|_1) v_j."""

    takes_bias = False

    def forward(self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, call: Call) -> torch.Tensor:
        return self.weights(query, key, call, slice(None)) @ share_heads(query, value)

    def weights(self, query: torch.Tensor, key: torch.Tensor, call: Call, rows: slice) -> torch.Tensor:
        distance = (query[:, :, rows, None] - share_heads(query, key)[:, :, None]).abs().sum(-1)
        return Softmax().dense(-distance, call.visible(rows))


@frozen
class LaplacianAttention(AttentionVariant):
    """Softmax over minus the L1 distance."""

    name: ClassVar[str] = "laplacian"
    summary: ClassVar[str] = "softmax over minus the L1 distance of query and key"
    capabilities: ClassVar[Capabilities] = Capabilities(bias=False, dropout=False, exact=False)

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        mixer = LaplacianMixer()
        return Attention(dim, self.num_heads, context_dim=context_dim, causal=causal, position=position, mixer=mixer)
