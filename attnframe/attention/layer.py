"""The attention layer: projections around a mixer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from attnframe.attention.cache import Cache, Seen, StaticCache
from attnframe.attention.mixer import Call, Mixer, PositionBias
from attnframe.attention.mixers.softmax import SoftmaxMixer
from attnframe.attention.plan import Plan
from attnframe.attention.projections import Projections, Rotate, SeparateProjections
from attnframe.attention.projections.base import split_heads
from attnframe.errors import ConfigurationError, Fault, UnsupportedError
from attnframe.masks import Causal, Extent, Full, Mask, Padding, check, key_padding, settle
from attnframe.positions.base import BiasPosition, NoPosition, Position, RelativePosition, RotaryPosition

_CAUSAL, _FULL = Causal(), Full()
_NONE: Mapping[str, Tensor] = {}


@dataclass(frozen=True)
class _Prepared:
    """What a mixer is called with."""

    query: Tensor
    key: Tensor
    value: Tensor
    call: Call
    compact: bool


class Attention(nn.Module):
    """Multi-head attention around any mixer (Vaswani et al. 2017, https://arxiv.org/abs/1706.03762).

    out = mix(x Wq, c Wk, c Wv) Wo with c = x in self attention

    Query head h reads key-value head h // (num_heads / num_kv_heads), torch's order. A query that may see no key
    gives exactly 0 before Wo. Where the mask has `Padding` terms, padded inputs are zeroed first, so whatever they
    hold (NaN too) cannot leak.

    Args:
        dim: model width D.
        num_heads: query heads H.
        num_kv_heads: key-value heads K, a divisor of `num_heads`; None for `num_heads`.
        head_dim: head width E; None for dim / num_heads.
        context_dim: width C of the context, for cross attention. With None the layer attends to x itself, or to a
            context of width D.
        causal: whether a query sees only itself and what came before.
        position: rotary or bias position, shared between layers or not; None for none. Input positions belong before
            the first layer.
        mixer: how values are mixed; None for `SoftmaxMixer()`.
        bias: whether the projections have biases.
        qk_norm: whether queries and keys are normalised head by head before they are rotated.
        projections: how inputs become queries, keys and values, in place of `SeparateProjections` of the arguments
            above; those stay at their defaults then.

    Raises:
        ConfigurationError: when the widths or heads do not divide, `position` has another kind, or `projections` are
            given together with arguments that they replace.
        UnsupportedError: when the mixer takes no position bias, or the projections no position that reads queries.
    """

    def __init__(
        self,
        dim: int,
        num_heads: int = 8,
        *,
        num_kv_heads: int | None = None,
        head_dim: int | None = None,
        context_dim: int | None = None,
        causal: bool = False,
        position: Position | None = None,
        mixer: Mixer | None = None,
        bias: bool = False,
        qk_norm: bool = False,
        projections: Projections | None = None,
    ) -> None:
        super().__init__()
        kv_heads = num_heads if num_kv_heads is None else num_kv_heads
        _check_arguments(dim, num_heads, kv_heads, head_dim, context_dim, causal, position, projections)
        self.dim, self.num_heads, self.causal = dim, num_heads, causal
        self.context_dim = context_dim
        self.position = position
        self.mixer = mixer if mixer is not None else SoftmaxMixer()
        if isinstance(position, BiasPosition | RelativePosition) and not self.mixer.takes_bias:
            works = "Use a rotary or input position, or attention=mha."
            raise self.mixer.refusal(f"takes no position bias such as {type(position).__name__}", works)
        if projections is None:
            self.projections: Projections = SeparateProjections(
                dim,
                num_heads,
                kv_heads,
                head_dim,
                context_dim=context_dim,
                bias=bias,
                qk_norm=qk_norm,
                reads_queries_and_keys=self.mixer.reads_queries_and_keys,
            )
        else:
            _check_projections(projections, num_heads, num_kv_heads, head_dim, bias, qk_norm)
            self.projections = projections
        if isinstance(position, RelativePosition) and not self.projections.keeps_queries:
            must = f"must not read queries, whose features {type(self.projections).__name__} change while decoding"
            works = "Use a bias position such as Alibi or T5Bias, or attention=mha."
            raise UnsupportedError(Fault("position (Attention)", must, type(position).__name__, works))
        self.num_kv_heads = self.projections.num_kv_heads
        signals = num_heads * sum(self.mixer.signals.values())
        self.signal_proj = nn.Linear(dim, signals) if signals else None
        if self.signal_proj is not None:
            nn.init.zeros_(self.signal_proj.bias)

    def forward(
        self,
        x: Tensor,
        context: Tensor | None = None,
        *,
        mask: Mask | None = None,
        positions: Tensor | None = None,
        context_positions: Tensor | None = None,
        cache: Cache | None = None,
    ) -> Tensor:
        """Attend.

        Args:
            x: (B, T, D) what asks.
            context: (B, S, C) what is asked; None for x itself, or for what a filled `StaticCache` holds.
            mask: who may see whom, True = may attend; with a cache over all S keys since position 0. None for everyone.
            positions: (B or 1, T) positions of x; None counts on from the cache's length, or from 0.
            context_positions: (B or 1, S) positions of the context; None counts from 0.
            cache: from `new_cache`; takes in the keys and values of x. No gradient flows into it.

        Returns:
            (B, T, D), or of the width that `projections` put out.

        Raises:
            ConfigurationError: for shapes that do not fit, a mask that does not fit them, or a context in causal
                attention.
            UnsupportedError: when the mixer cannot serve this call exactly, with the reasons and what would work.
        """
        given = self._prepare(x, context, mask, positions, context_positions, cache)
        mixed = self.mixer(given.query, given.key, given.value, given.call)
        return self.projections.output(self.mixer.finish(mixed, given.call), given.compact)

    def new_cache(self, batch: int, max_length: int | None = None) -> Cache:
        """An empty cache.

        Args:
            batch: sequences B.
            max_length: tokens at most, preallocated; None lets it grow. Caches of constant size ignore it.

        Returns:
            For causal attention the kind of the projections or else of the mixer, for a layer with `context_dim` a
            `StaticCache` of the projected context.

        Raises:
            UnsupportedError: for self attention that is not causal, whose past changes with every token.
        """
        if self.context_dim is not None:
            return StaticCache(batch)
        if not self.causal:
            must = "must be True to decode with a cache"
            works = "Use causal=True, or StaticCache(batch) for the context of cross attention."
            raise UnsupportedError(Fault("causal (Attention)", must, "False", works))
        return self.projections.new_cache(batch, max_length) or self.mixer.new_cache(batch, max_length)

    def plan(self, x: Tensor, context: Tensor | None = None, *, mask: Mask | None = None) -> Plan:
        """How `forward` would be computed for such inputs; ``print(layer.plan(x).reasons())``."""
        given = self._prepare(x, context, mask, None, None, None)
        return self.mixer.plan(given.query, given.key, given.value, given.call)

    def extra_repr(self) -> str:
        return f"dim={self.dim}, num_heads={self.num_heads}, num_kv_heads={self.num_kv_heads}, causal={self.causal}"

    def _prepare(
        self,
        x: Tensor,
        context: Tensor | None,
        mask: Mask | None,
        positions: Tensor | None,
        context_positions: Tensor | None,
        cache: Cache | None,
    ) -> _Prepared:
        """Check, project and rotate; nothing is taken into the cache when a check fails."""
        self._check_inputs(x, context, cache)
        static = cache if isinstance(cache, StaticCache) else None
        cross = context is not None or static is not None
        start = 0 if cache is None or cross else cache.length
        padding = None
        if mask is None:  # Causality alone fits any sizes.
            mask = _CAUSAL if self.causal else _FULL
        else:
            if static is not None and static.seen is not None:
                keys = static.length
            else:
                keys = start + x.shape[1] if context is None else context.shape[1]
            mask = mask & _CAUSAL if self.causal else mask
            check(mask, Extent(x.shape[0], self.num_heads, x.shape[1], keys, device=x.device))
            padding = key_padding(mask)
        positions = self._default(positions, x, start)
        rotate, compact = self._rotate(positions), cache is not None
        if cross:
            query = self.projections.project_query(x, rotate, compact)
            seen = self._context(context, padding, context_positions, static)
        else:
            if padding is not None:
                x = _zero_padding(x, padding, start)
            query, key, value = self.projections.project(x, rotate, compact)
            biased = positions if isinstance(self.position, BiasPosition | RelativePosition) else None
            seen = Seen(key, value, bias_positions=biased) if cache is None else cache.append(key, value, biased)
        extent = Extent(
            x.shape[0], self.num_heads, x.shape[1], seen.key.shape[2], seen.start, seen.key_positions, x.device
        )
        if padding is not None or type(mask) not in (Causal, Full):
            mask = settle(mask, extent)
        bias = None
        if (
            isinstance(self.position, BiasPosition | RelativePosition)
            and positions is not None
            and seen.bias_positions is not None
        ):
            bias = PositionBias(self.position, positions, seen.bias_positions)
        call = Call(mask, extent, bias, cache, cross, self._signals(x))
        return _Prepared(query, seen.key, seen.value, call, compact)

    def _context(
        self, context: Tensor | None, padding: Padding | None, positions: Tensor | None, static: StaticCache | None
    ) -> Seen:
        """Keys and values of the context, projected unless the cache holds them."""
        if static is not None and static.seen is not None:
            return static.seen
        assert context is not None  # _check_inputs: only a filled cache goes without
        if padding is not None:
            context = _zero_padding(context, padding, 0)
        positions = self._default(positions, context, 0)
        key, value = self.projections.project_context(context, self._rotate(positions), static is not None)
        biased = positions if isinstance(self.position, BiasPosition | RelativePosition) else None
        if static is not None:
            return static.append(key, value, biased)
        return Seen(key, value, bias_positions=biased)

    def _signals(self, x: Tensor) -> Mapping[str, Tensor]:
        """What the mixer asked for, (B, H, T, width) by name."""
        if self.signal_proj is None:
            return _NONE
        widths = self.mixer.signals
        parts = split_heads(self.signal_proj(x), self.num_heads).split_with_sizes([*widths.values()], -1)
        return dict(zip(widths, parts, strict=True))

    def _rotate(self, positions: Tensor | None) -> Rotate:
        position = self.position
        if positions is None or not isinstance(position, RotaryPosition):
            return _same
        return lambda x: position.rotate(x, positions)

    def _default(self, positions: Tensor | None, x: Tensor, start: int) -> Tensor | None:
        if positions is not None or self.position is None or isinstance(self.position, NoPosition):
            return positions
        return torch.arange(start, start + x.shape[1], device=x.device).unsqueeze(0)

    def _check_inputs(self, x: Tensor, context: Tensor | None, cache: Cache | None) -> None:
        found = []
        if x.dim() != 3 or x.shape[2] != self.dim:
            found.append(Fault("x (Attention)", f"must have shape (B, T, {self.dim})", str(tuple(x.shape))))
        if context is not None:
            width = self.context_dim or self.dim
            if context.dim() != 3 or context.shape[2] != width or context.shape[0] != x.shape[0]:
                must = f"must have shape ({x.shape[0]}, S, {width})"
                found.append(Fault("context (Attention)", must, str(tuple(context.shape))))
            if self.causal:
                works = "Use causal=False for cross attention."
                found.append(Fault("context (Attention)", "must be None in causal attention", "a context", works))
            if cache is not None and not isinstance(cache, StaticCache):
                must = "must be a StaticCache with a context"
                found.append(Fault("cache (Attention)", must, type(cache).__name__, "Use StaticCache(batch)."))
        elif isinstance(cache, StaticCache):
            if cache.seen is None:
                found.append(Fault("context (Attention)", "must be given the first time that a StaticCache is used"))
        elif self.context_dim is not None and self.context_dim != self.dim:
            found.append(Fault("context (Attention)", f"must be given, of width context_dim={self.context_dim}"))
        elif cache is not None and not self.causal:
            works = "Use causal=True, or no cache."
            found.append(Fault("cache (Attention)", "must be None unless causal", type(cache).__name__, works))
        elif cache is not None and not self._accepts(cache):
            must = f"must keep what {type(self.mixer).__name__} needs"
            found.append(Fault("cache (Attention)", must, type(cache).__name__, "Use new_cache(batch)."))
        if found:
            raise ConfigurationError(found)

    def _accepts(self, cache: Cache) -> bool:
        own = self.projections.new_cache(1, None)
        return self.mixer.accepts(cache) if own is None else type(own) is type(cache)


def _same(x: Tensor) -> Tensor:
    return x


def _zero_padding(x: Tensor, padding: Padding, start: int) -> Tensor:
    """x (B, T, D) with the rows that stand at padded positions set to 0."""
    valid = padding.valid if padding.valid.shape[1] == 1 else padding.valid[:, start : start + x.shape[1]]
    return x.masked_fill(~valid.unsqueeze(-1), 0.0)


def _check_arguments(
    dim: int,
    num_heads: int,
    num_kv_heads: int,
    head_dim: int | None,
    context_dim: int | None,
    causal: bool,
    position: Position | None,
    projections: Projections | None,
) -> None:
    found = []
    sizes = {"dim": dim, "num_heads": num_heads, "num_kv_heads": num_kv_heads}
    sizes |= {
        name: size for name, size in {"head_dim": head_dim, "context_dim": context_dim}.items() if size is not None
    }
    found = [Fault(f"{name} (Attention)", "must be at least 1", str(size)) for name, size in sizes.items() if size < 1]
    if not found:
        if head_dim is None and projections is None and dim % num_heads:
            works = f"Possible: {_divisors(dim)}."
            found.append(Fault("num_heads (Attention)", f"must divide dim={dim}", str(num_heads), works))
        if num_heads % num_kv_heads:
            works = f"Possible: {_divisors(num_heads)}."
            must = f"must divide num_heads={num_heads}"
            found.append(Fault("num_kv_heads (Attention)", must, str(num_kv_heads), works))
    if causal and context_dim is not None:
        works = "Use causal=False for cross attention."
        found.append(Fault("context_dim (Attention)", "must be None in causal attention", str(context_dim), works))
    if position is not None and not isinstance(position, NoPosition | RotaryPosition | BiasPosition | RelativePosition):
        must = "must be a rotary, bias or relative position; an input position is added once, before the first layer"
        found.append(Fault("position (Attention)", must, type(position).__name__))
    if found:
        raise ConfigurationError(found)


def _check_projections(
    projections: Projections,
    num_heads: int,
    num_kv_heads: int | None,
    head_dim: int | None,
    bias: bool,
    qk_norm: bool,
) -> None:
    found = []
    if projections.num_heads != num_heads:
        must = f"must have the heads of its projections, {projections.num_heads}"
        found.append(Fault("num_heads (Attention)", must, str(num_heads)))
    replaced = {"num_kv_heads": num_kv_heads, "head_dim": head_dim, "bias": bias, "qk_norm": qk_norm}
    for name, value in replaced.items():
        if value not in (None, False):
            must = f"must be left out, because {type(projections).__name__} are given"
            found.append(Fault(f"{name} (Attention)", must, str(value)))
    if found:
        raise ConfigurationError(found)


def _divisors(number: int) -> str:
    return ", ".join(str(one) for one in range(1, min(number, 64) + 1) if number % one == 0)
