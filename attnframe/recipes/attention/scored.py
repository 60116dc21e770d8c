"""What variants that weigh values by a normaliser have in common. Torch-free."""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from attnframe.recipe import Between
from attnframe.recipes.attention.base import AttentionVariant

if TYPE_CHECKING:
    from attnframe.attention.mixers import SoftmaxMixer


@dataclass(frozen=True, kw_only=True)
class BackedVariant(AttentionVariant, ABC):
    """Base of variants whose weights can be dropped and which several backends can serve.

    Args:
        num_heads: query heads H; must divide the model width.
        dropout: probability of dropping an attention weight in training, in [0, 1].
        backend: ``auto`` plans and may fall back (logged once); a named backend raises rather than falls back.
    """

    dropout: Annotated[float, Between(0, 1)] = 0.0
    backend: Literal["auto", "eager", "sdpa", "edges", "blocks"] = "auto"


@dataclass(frozen=True, kw_only=True)
class ScoredVariant(BackedVariant, ABC):
    """Base of backed variants whose score and normaliser can be chosen.

    Args:
        num_heads: query heads H; must divide the model width.
        dropout: probability of dropping an attention weight in training, in [0, 1].
        backend: ``auto`` plans and may fall back (logged once); a named backend raises rather than falls back.
    """

    def softmax_mixer(self, dim: int) -> SoftmaxMixer:
        """The mixer with the chosen score, normaliser, dropout and backend, for model width `dim`."""
        from attnframe.attention.mixers import SoftmaxMixer

        return SoftmaxMixer(dropout=self.dropout, backend=self.backend)
