"""What variants that weigh values by a normaliser have in common. Torch-free."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

from attnframe.errors import Fault
from attnframe.recipe import Above, AtLeast, Between, frozen
from attnframe.recipes.attention.base import AttentionVariant

if TYPE_CHECKING:
    from attnframe.attention.mixers import SoftmaxMixer
    from attnframe.attention.normalisers import Normaliser
    from attnframe.attention.scores import Score


@frozen
class BackedVariant(AttentionVariant, ABC):
    """Base of variants whose weights can be dropped and which several backends can serve.

    Args:
        num_heads: query heads H; must divide the model width.
        dropout: probability of dropping an attention weight in training, in [0, 1].
        backend: ``auto`` plans and may fall back (logged once); a named backend raises rather than falls back.
            ``flash`` needs CUDA, and ``flex`` has gradients on CUDA only.
    """

    dropout: Annotated[float, Between(0, 1)] = 0.0
    backend: Literal["auto", "eager", "sdpa", "edges", "blocks", "tiles", "flex", "flash"] = "auto"


@frozen
class ScoredVariant(BackedVariant, ABC):
    """Base of backed variants whose score and normaliser can be chosen.

    weights = normaliser((soft_cap * tanh(score(q, k) / soft_cap) + bias) / temperature)

    Args:
        num_heads: query heads H; must divide the model width.
        score: how well a key fits a query: ``scaled_dot``, ``dot``, ``cosine`` (with a learned scale), ``bilinear``
            (Luong), ``additive`` (Bahdanau), ``l2`` (negative squared distance).
        normaliser: how scores become weights: ``softmax``, ``softmax_plus_one``, ``sinks`` (learned, one a head),
            ``sparsemax``, ``entmax``, ``sigmoid``, ``relu``, ``top_k``.
        soft_cap: bound of the scores, above 0; null for none.
        temperature: what scores and position bias are divided by, above 0.
        alpha: of entmax, above 1: near 1 softmax, 2 sparsemax; null for 1.5.
        top_k: of top_k: scores kept, at least 1; null for 16.
        dropout: probability of dropping an attention weight in training, in [0, 1].
        backend: ``auto`` plans and may fall back (logged once); a named backend raises rather than falls back.
            ``flash`` needs CUDA, and ``flex`` has gradients on CUDA only.
    """

    score: Literal["scaled_dot", "dot", "cosine", "bilinear", "additive", "l2"] = "scaled_dot"
    normaliser: Literal["softmax", "softmax_plus_one", "sinks", "sparsemax", "entmax", "sigmoid", "relu", "top_k"] = (
        "softmax"
    )
    soft_cap: Annotated[float | None, Above(0)] = None
    temperature: Annotated[float, Above(0)] = 1.0
    alpha: Annotated[float | None, Above(1)] = None
    top_k: Annotated[int | None, AtLeast(1)] = None

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        for field, owner in (("alpha", "entmax"), ("top_k", "top_k")):
            if getattr(self, field) is not None and self.normaliser != owner:
                works = f"Use attention.normaliser={owner}, or leave it out."
                yield self.fault(field, f"must be left out with normaliser={self.normaliser}", works)
        if self.temperature != 1 and self.normaliser == "relu":
            must = "must be 1 with normaliser=relu, whose weights it would all multiply by one number"
            yield self.fault("temperature", must, "Leave it out.")
        reasons = self._not_fused() if self.backend in _FUSED else []
        if reasons:
            must = f"must be able to serve the scores and weights, and {self.backend} is not: {'; '.join(reasons)}"
            yield self.fault("backend", must, "Use attention.backend=auto or attention.backend=eager.")

    def softmax_mixer(self, dim: int) -> SoftmaxMixer:
        """The mixer with the chosen score, normaliser, dropout and backend, for model width `dim`."""
        from attnframe.attention.mixers import SoftmaxMixer

        return SoftmaxMixer(
            self._make_score(dim // self.num_heads), self._make_normaliser(), self.dropout, self.backend
        )

    def _not_fused(self) -> list[str]:
        """Why no fused softmax kernel serves the fields."""
        reasons = []
        if self.score not in _DOT_PRODUCTS:
            reasons.append(f"score={self.score} is no dot product of mapped queries and keys")
        if self.soft_cap is not None and self.backend not in _CAPPING:
            reasons.append(f"soft_cap={self.soft_cap:g} makes it none")
        if self.normaliser not in _SOFTMAXES:
            reasons.append(f"normaliser={self.normaliser} is no softmax")
        return reasons

    def _make_score(self, head_dim: int) -> Score:
        from attnframe.attention import scores

        makers: dict[str, Callable[[], Score]] = {
            "scaled_dot": partial(scores.ScaledDot, head_dim),
            "dot": scores.Dot,
            "cosine": partial(scores.Cosine, self.num_heads),
            "bilinear": partial(scores.Bilinear, self.num_heads, head_dim),
            "additive": partial(scores.Additive, self.num_heads, head_dim),
            "l2": partial(scores.SquaredDistance, head_dim),
        }
        score = makers[self.score]()
        return score if self.soft_cap is None else scores.SoftCap(score, self.soft_cap)

    def _make_normaliser(self) -> Normaliser:
        from attnframe.attention import normalisers

        makers: dict[str, Callable[[], Normaliser]] = {
            "softmax": normalisers.Softmax,
            "softmax_plus_one": normalisers.SoftmaxPlusOne,
            "sinks": partial(normalisers.Sinks, self.num_heads),
            "sparsemax": normalisers.Sparsemax,
            "entmax": partial(normalisers.Entmax, 1.5 if self.alpha is None else self.alpha),
            "sigmoid": normalisers.Sigmoid,
            "relu": normalisers.Relu,
            "top_k": partial(normalisers.TopK, 16 if self.top_k is None else self.top_k),
        }
        normaliser = makers[self.normaliser]()
        return normaliser if self.temperature == 1 else normalisers.Tempered(normaliser, self.temperature)


_FUSED = ("sdpa", "blocks", "flex", "flash")
"""Backends that are fused softmax kernels over dot products."""
_CAPPING = ("flex", "flash")
"""Those of them that can cap a score."""
_DOT_PRODUCTS = ("scaled_dot", "dot", "cosine", "bilinear", "l2")
_SOFTMAXES = ("softmax", "softmax_plus_one", "sinks")
