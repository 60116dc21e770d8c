"""One random request to an attention layer, and what may be expected of it from the variant's declaration."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args, get_origin

import torch
from torch import Tensor

from attnframe.masks import Mask
from attnframe.positions import Alibi, AxialRotary, Position, Rotary, Shaw, SwinBias, T5Bias, Timestamps
from attnframe.recipe import construct, defaults, hints
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import ALL_MASKS, Capabilities
from attnframe.testing.fuzz.drawn_masks import DrawnMask, Sizes, draw_mask

CacheName = Literal["none", "own", "growing", "ring", "recurrent", "static"]
ROWS = 4
"""Rows of the grid that coordinates stand on."""


@dataclass(frozen=True)
class Request:
    """What a layer is asked.

    Args:
        number: of the request.
        variant: the class. values: the fields that differ from its example.
        causal: whether a query sees only itself and what came before.
        context: width of the context less that of x; None for self attention.
        batch: B. queries: T. keys: S. head_dim: E.
        mask: who may see whom.
        position: name of the position module, or None.
        own_positions: whether positions are handed in.
        dtype: of everything.
        scale: of the inputs.
        cache: kind of the cache. steps: tokens of each step with it.
        train: whether the layer is in training mode. gradients: whether they are wanted.
        wrong: whether the mask was made for one token more than there are.
    """

    number: int
    variant: type[AttentionVariant]
    values: Mapping[str, Any]
    causal: bool
    context: int | None
    batch: int
    queries: int
    keys: int
    head_dim: int
    mask: DrawnMask
    position: str | None
    own_positions: bool
    dtype: torch.dtype
    scale: float
    cache: CacheName
    steps: tuple[int, ...] = field(default=())
    train: bool = False
    gradients: bool = False
    wrong: bool = False

    @property
    def num_heads(self) -> int:
        """Query heads H."""
        return int(self.values["num_heads"])

    @property
    def dim(self) -> int:
        """Model width D."""
        return self.head_dim * self.num_heads

    @property
    def capabilities(self) -> Capabilities:
        """The declaration of the variant."""
        return self.variant.capabilities

    def recipe(self) -> AttentionVariant:
        """The variant with its fields.

        Raises:
            ConfigurationError: when they do not fit.
        """
        example = self.variant.example()
        own = {name: getattr(example, name) for name in defaults(self.variant)}
        return construct(self.variant, {**own, **self.values})

    def make_position(self, recipe: AttentionVariant) -> Position | None:
        """A fresh position module whose tables hold numbers from the request's seed."""
        heads, width = self.num_heads, recipe.rotary_width(self.dim)
        # A width that is rotated must be even, and on a grid a multiple of four.
        even, fourfold = max(2, width // 2 * 2), max(4, width // 4 * 4)
        makers: dict[str | None, Any] = {
            None: lambda: None,
            "rope": lambda: Rotary(even),
            "axial": lambda: AxialRotary(fourfold),
            "alibi": lambda: Alibi(heads),
            "t5": lambda: T5Bias(heads, 8, 16, causal=self.causal),
            "timestamps": lambda: Timestamps(heads, 8, longest=50.0, causal=self.causal),
            "swin": lambda: SwinBias(heads, ROWS, -(-max(self.queries, self.keys) // ROWS)),
            "shaw": lambda: Shaw(width, max_distance=3),
        }
        position: Position | None = makers[self.position]()
        for parameter in position.parameters() if position is not None else ():
            parameter.data = self.numbers(4, *parameter.shape)
        return position

    def positions(self, length: int, stream: int) -> Tensor | None:
        """Positions (B or 1, length), with two coordinates where the position has them; None to count from 0."""
        if self.position in ("axial", "swin"):
            at = torch.arange(length)
            return torch.stack([at % ROWS, at // ROWS], dim=-1).unsqueeze(0)
        if not self.own_positions:
            return None
        generator = torch.Generator().manual_seed(self.number * 10 + stream)
        return torch.randint(0, 3, (self.batch, length), generator=generator).cumsum(1)

    def numbers(self, stream: int, *shape: int) -> Tensor:
        """Normal numbers of the request's own."""
        generator = torch.Generator().manual_seed(self.number * 10 + stream)
        return torch.randn(*shape, generator=generator, dtype=torch.float64).to(self.dtype)

    def must_refuse(self) -> bool:
        """Whether the declaration says that it cannot be served."""
        claims = self.capabilities
        if self.causal and self.context is not None:
            return True
        if self.wrong and self.mask.plain and self.mask.kinds & {"padding", "edges"}:
            return True
        if self.context is not None and not claims.cross:
            return True
        if self.context is None and self.causal and not claims.causal:
            return True
        if self.context is None and not self.causal and not claims.noncausal and "causal" not in self.mask.kinds:
            return True
        named = self.mask.kinds & ALL_MASKS
        if self.mask.plain and "mixed documents" in self.mask.kinds and "documents" not in claims.masks:
            return True
        if self.mask.plain and not named <= claims.masks:
            return True
        if self.mask.plain and "edges" in self.mask.kinds and not claims.edges:
            return True
        bias = self.position in ("alibi", "t5", "timestamps", "swin", "shaw")
        if (bias and not claims.bias) or (
            # Over edges there may be no pair that the position would be asked for.
            self.position == "shaw" and not claims.relative and "edges" not in self.mask.kinds
        ):
            return True
        if self.position in ("rope", "axial") and not claims.rotary:
            return True
        return self.cache == "own" and (not self.causal or claims.cache == "none") and self.context is None

    def must_serve(self) -> bool:
        """Whether the declaration says that it is served, given that its fields fit."""
        claims = self.capabilities
        if self.must_refuse() or self.wrong or self.values.get("backend", "auto") != "auto":
            return False
        if self.position == "axial" and self.recipe().rotary_width(self.dim) % 4:
            return False
        if self.cache not in ("none", "own") or "pattern" in self.mask.kinds:
            return False
        if not self.mask.plain and (claims.masks != ALL_MASKS or "edges" in self.mask.kinds):
            return False
        if "mixed documents" in self.mask.kinds and claims.cache == "recurrent":
            return False
        if "causal" in self.mask.kinds and (claims.masks != ALL_MASKS or not claims.causal):
            return False
        return self.cache == "none" or claims.cache != "recurrent" or self.mask.kinds <= {"padding", "causal"}

    def whole_mask(self, recipe: AttentionVariant) -> Mask:
        """All that restricts a query: the mask, causality and what the variant itself hides."""
        from attnframe.masks import Causal, Full

        own = recipe.own_mask(self.causal) & (Causal() if self.causal else Full())
        return own if self.mask.mask is None else self.mask.mask & own

    def __str__(self) -> str:
        told = {
            "mask": self.mask.mask,
            "causal": self.causal,
            "context": self.context,
            "sizes": f"B={self.batch} T={self.queries} S={self.keys} E={self.head_dim}",
            "position": f"{self.position}{' own' if self.own_positions else ''}",
            "dtype": str(self.dtype).removeprefix("torch."),
            "scale": self.scale,
            "cache": f"{self.cache} {self.steps}",
            "train": self.train,
            "gradients": self.gradients,
            "wrong": self.wrong,
        }
        fields = " ".join(f"{name}={value}" for name, value in self.values.items())
        rest = ", ".join(f"{name}: {value}" for name, value in told.items())
        return f"request {self.number}, attention={self.variant.name} ({fields}), {rest}"


def draw_request(number: int, variants: Sequence[type[AttentionVariant]]) -> Request:
    """Request `number`; the variants take turns. Of those that the declaration says cannot be served few are left.

    Args:
        number: at least 0.
        variants: what requests are made to.
    """
    rng = random.Random(number)
    variant = variants[number % len(variants)]
    for _ in range(4):
        request = _draw(rng, number, variant)
        if not request.must_refuse() or rng.random() < 0.2:
            break
    return request


def _draw(rng: random.Random, number: int, variant: type[AttentionVariant]) -> Request:
    values = _fields(rng, variant)
    causal = rng.random() < 0.5
    context = rng.choice((0, 2)) if rng.random() < (0.03 if causal else 0.35) else None
    queries = rng.randint(1, 9)
    keys = queries if context is None else rng.randint(1, 9)
    cache: CacheName = "none"
    if context is not None:
        cache = rng.choice(("none", "none", "static"))
    elif causal and rng.random() < 0.5:
        cache = rng.choice(("own", "own", "own", "growing", "ring", "recurrent"))
    elif rng.random() < 0.03:
        cache = rng.choice(("own", "growing", "static"))
    wrong = cache == "none" and rng.random() < 0.04
    sizes = Sizes(rng.randint(1, 3), values["num_heads"], queries, keys, context is not None, cache != "none")
    mask = draw_mask(rng, replace(sizes, keys=keys + 1, queries=queries + (context is None)) if wrong else sizes)
    position = rng.choice((None, None, "rope", "alibi", "t5", "shaw", "timestamps", "axial", "swin"))
    return Request(
        number=number,
        variant=variant,
        values=values,
        causal=causal,
        context=context,
        batch=sizes.batch,
        queries=queries,
        keys=keys,
        head_dim=rng.choice((4, 4, 8)),
        mask=mask,
        position=position,
        own_positions=position is not None and rng.random() < 0.3,
        dtype=rng.choice((torch.float32, torch.float64, torch.bfloat16)),
        scale=rng.choice((1.0, 1.0, 1.0, 3.0, 0.0)),
        cache=cache,
        steps=_steps(rng, queries) if cache not in ("none", "static") else (),
        train=cache == "none" and rng.random() < 0.4,
        gradients=cache == "none" and rng.random() < 0.5,
        wrong=wrong,
    )


def _fields(rng: random.Random, variant: type[AttentionVariant]) -> dict[str, Any]:
    """Some fields of the variant, by their annotations."""
    known = hints(variant)
    values: dict[str, Any] = {"num_heads": rng.choice((1, 2, 4))}
    for name, hint in known.items():
        if get_origin(hint) is Literal and rng.random() < 0.4:
            values[name] = rng.choice(get_args(hint))
        elif hint is bool and rng.random() < 0.5:
            values[name] = True
    if "dropout" in known and rng.random() < 0.4:
        values["dropout"] = rng.choice((0.3, 1.0))
    if "num_kv_heads" in known:
        values["num_kv_heads"] = rng.choice((1, 1, 2, 4))
    if "soft_cap" in known and rng.random() < 0.15:
        values["soft_cap"] = 2.0
    if "temperature" in known and rng.random() < 0.15:
        values["temperature"] = rng.choice((0.5, 2.0))
    if values.get("normaliser") == "entmax" and rng.random() < 0.5:
        values["alpha"] = rng.choice((1.3, 2.0))
    if values.get("normaliser") == "top_k" or (rng.random() < 0.01 and "top_k" in known):
        values["top_k"] = rng.choice((1, 2, 3))
    return values


def _steps(rng: random.Random, length: int) -> tuple[int, ...]:
    found: list[int] = []
    while sum(found) < length:
        found.append(rng.randint(1, length - sum(found)))
    return tuple(found)
