"""Attention rollout: how much of each input reaches each output through all layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.interpretation.shares import shares


def rollout(weights: Mapping[str, Tensor] | Sequence[Tensor], residual: bool = True) -> Tensor:
    """Attention rollout (Abnar and Zuidema 2020, https://arxiv.org/abs/2005.00928).

    R = A_L ... A_2 A_1,  A_l = (W_l + I) / 2

    W_l is the mean over heads of the weights of layer l, each row over its sum; the identity stands for the residual
    connection. Entry (i, j) is the share of input j in output i, as far as weights and residuals tell: values,
    feed-forward layers and norms are left out.

    with capture(model, measure=head_mean) as captured:
        model(x)
    rollout(captured)

    Args:
        weights: of self-attention layers, first to last, each (B, H or 1, T, T); what `capture` gave, too.
        residual: whether each layer has a residual connection; without one, A_l is W_l.

    Returns:
        (B, T, T), float32 at least. Rows sum to one; without `residual`, rows that may see no key are 0.

    Raises:
        ConfigurationError: when there is no layer, or one is no self attention over the same T tokens.
        UnsupportedError: when a weight is negative, as in differential attention.
    """
    named = dict(weights) if isinstance(weights, Mapping) else {str(i): one for i, one in enumerate(weights)}
    _check(named)
    product: Tensor | None = None
    for one in named.values():
        layer = shares(one, "rollout").mean(dim=1)
        if residual:
            # A row that sees no key passes its residual on, whole.
            layer = shares(shares(layer, "rollout") + torch.eye(layer.shape[-1], device=layer.device), "rollout")
        product = layer if product is None else layer @ product
    assert product is not None  # _check: one layer at least
    return product


def _check(weights: Mapping[str, Tensor]) -> None:
    if not weights:
        raise ConfigurationError(Fault("weights (rollout)", "must hold a layer at least"))
    first = next(iter(weights.values()))
    batch, tokens = first.shape[0], first.shape[-1]
    found = [
        Fault(
            f"weights[{name!r}] (rollout)",
            f"must be self attention over the same tokens, (B, H or 1, T, T) with B={batch} and T={tokens}",
            f"shape {tuple(one.shape)}",
            "Choose the layers: capture(model, layers=[...]).",
        )
        for name, one in weights.items()
        if one.dim() != 4 or one.shape[0] != batch or one.shape[2:] != (tokens, tokens)
    ]
    if found:
        raise ConfigurationError(found)
