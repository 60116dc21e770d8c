"""Bilinear scores against torch's nn.Bilinear, one for each head, and its fused attention with them as the bias."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from attnframe.attention.mixer import Call
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.scores import Bilinear
from attnframe.masks import Extent, Full

B, H, T, S, E = 2, 3, 5, 7, 4


def test_equals_torch(agree: Callable[..., None]) -> None:
    torch.manual_seed(0)
    peers = nn.ModuleList(nn.Bilinear(E, E, 1, bias=False) for _ in range(H))
    score, call = Bilinear(H, E), Call(Full(), Extent(B, H, T, S))
    with torch.no_grad():
        score.weight.copy_(torch.cat([peer.weight for peer in peers]))
    key, value = torch.randn(2, B, H, S, E)

    def ours(query: Tensor) -> Tensor:
        out: Tensor = SoftmaxMixer(score)(query, key, value, call)
        return out

    def theirs(query: Tensor) -> Tensor:
        pairs = (B, H, T, S, E)
        ends = query.unsqueeze(3).expand(pairs), key.unsqueeze(2).expand(pairs)
        scores = [peer(ends[0][:, h].contiguous(), ends[1][:, h].contiguous()) for h, peer in enumerate(peers)]
        return F.scaled_dot_product_attention(torch.zeros_like(query), key, value, torch.cat(scores, -1).movedim(-1, 1))

    agree(ours, theirs, torch.randn(B, H, T, E))
