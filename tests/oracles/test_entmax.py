"""Alpha-entmax against the package entmax, through a causal layer: 1.5 from sorted scores, others by bisection."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import entmax
import pytest
import torch
from torch import Tensor

from attnframe.recipes.attention.mha import MultiHeadAttention

D, H, E, T = 32, 4, 8, 9
PEERS: dict[float, Callable[[Tensor], Tensor]] = {
    1.2: partial(entmax.entmax_bisect, alpha=1.2, n_iter=80),
    1.5: entmax.entmax15,
    1.7: partial(entmax.entmax_bisect, alpha=1.7, n_iter=80),
}


@pytest.mark.parametrize("alpha", PEERS)
def test_equals_entmax(agree: Callable[..., None], alpha: float) -> None:
    """float64, 1e-8: the packages' bisections stop at other places."""
    torch.manual_seed(0)
    recipe = MultiHeadAttention(num_heads=H, normaliser="entmax", alpha=alpha, temperature=0.3)
    layer = recipe.build(D, causal=True).double()
    maps: Any = layer.projections

    def theirs(x: Tensor) -> Tensor:
        query, key, value = (
            part.view(2, T, H, E).transpose(1, 2) for part in (x @ maps.input_proj.weight.T).chunk(3, -1)
        )
        scores = query @ key.mT / E**0.5 / 0.3
        weights = PEERS[alpha](scores.masked_fill(torch.ones(T, T, dtype=torch.bool).triu(1), -1e6))
        assert (weights == 0).sum() > 2 * H * T * (T - 1) / 2, "nothing is cut off but the future"
        return (weights @ value).transpose(1, 2).flatten(2) @ maps.output_proj.weight.T

    x = torch.randn(2, T, D, dtype=torch.float64)
    own = maps.input_proj.weight
    agree(layer, theirs, x, tolerance=1e-8, pairs=[(own, own)])
