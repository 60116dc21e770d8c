"""What variants that score queries against keys have in common. Torch-free."""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass
from typing import Annotated, Literal

from attnframe.recipe import Between
from attnframe.recipes.attention.base import AttentionVariant


@dataclass(frozen=True, kw_only=True)
class ScoredVariant(AttentionVariant, ABC):
    """Base of variants whose weights come from scores, so that weights can be dropped and several backends can serve.

    Args:
        num_heads: query heads H; must divide the model width.
        dropout: probability of dropping an attention weight in training, in [0, 1].
        backend: ``auto`` plans and may fall back (logged once); a named backend raises rather than falls back.
    """

    dropout: Annotated[float, Between(0, 1)] = 0.0
    backend: Literal["auto", "eager", "sdpa", "edges", "blocks"] = "auto"
