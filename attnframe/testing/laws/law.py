"""What a law is, and the variant that it is held against."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

import torch
from torch import Tensor, nn

from attnframe.attention.layer import Attention
from attnframe.attention.mixer import Call
from attnframe.errors import UnsupportedError
from attnframe.masks import (
    Causal,
    Dense,
    Documents,
    Edges,
    Extent,
    Full,
    Function,
    Mask,
    Padding,
    Prefix,
    Window,
    lower,
)
from attnframe.positions import Alibi, Position, Rotary, Shaw
from attnframe.recipe import hints
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities, MaskKind

BATCH, LENGTH, HEAD_DIM = 3, 7, 4
"""Sizes of the inputs: small, and each another number."""


@dataclass(frozen=True)
class Applied:
    """One application of a layer's mixer.

    Args:
        query: (B, H, T, E). key: (B, K, S, E). value: (B, K, S, E). call: the rest.
        mixed: (B, H, T, E) what the mixer made of them.
    """

    query: Tensor
    key: Tensor
    value: Tensor
    call: Call
    mixed: Tensor


@dataclass(frozen=True)
class Subject:
    """A variant under test.

    Args:
        recipe: an instance whose particulars show on a handful of tokens.
    """

    recipe: AttentionVariant

    @property
    def capabilities(self) -> Capabilities:
        """The declaration that the variant is held to."""
        return self.recipe.capabilities

    @property
    def dim(self) -> int:
        """Model width D."""
        return HEAD_DIM * self.recipe.num_heads

    def modes(self) -> list[bool]:
        """Values of `causal` that self attention is claimed for."""
        claimed = {True: self.capabilities.causal, False: self.capabilities.noncausal}
        return [causal for causal, ok in claimed.items() if ok and self.capabilities.self_attention]

    def layer(
        self,
        *,
        causal: bool = False,
        position: Position | None = None,
        context_dim: int | None = None,
        dtype: torch.dtype = torch.float64,
        seed: int = 0,
    ) -> Attention:
        """A layer with weights from `seed`, in evaluation mode."""
        torch.manual_seed(seed)
        layer = self.recipe.build(self.dim, causal=causal, position=position, context_dim=context_dim)
        return layer.to(dtype).eval()

    def cross_layer(self, seed: int = 0) -> Attention:
        """A layer over contexts of width `dim` + 2."""
        return self.layer(context_dim=self.dim + 2, seed=seed)

    def x(self, batch: int = BATCH, length: int = LENGTH, seed: int = 1, dtype: torch.dtype = torch.float64) -> Tensor:
        """Inputs (B, T, D)."""
        return normal(batch, length, self.dim, seed=seed).to(dtype)

    def context(self, batch: int = BATCH, length: int = LENGTH + 2, seed: int = 2) -> Tensor:
        """A context (B, S, D + 2)."""
        return normal(batch, length, self.dim + 2, seed=seed)

    def positions(self, bias: bool = True) -> list[Position | None]:
        """No position and one of each view that is claimed."""
        found: list[Position | None] = [None]
        if self.capabilities.rotary:
            found.append(Rotary(self.recipe.rotary_width(self.dim)))
        if self.capabilities.bias and bias:
            found.append(Alibi(self.recipe.num_heads))
            if self.capabilities.relative:
                shaw = Shaw(self.recipe.rotary_width(self.dim), max_distance=3)
                shaw.table.data = normal(*shaw.table.shape, seed=7)
                found.append(shaw)
        return found

    def masks(self, length: int = LENGTH) -> dict[str, Mask]:
        """One self-attention mask, at least, of each kind that is claimed."""
        return {name: mask for kind, name, mask in every_mask(length) if kind in self.capabilities.masks}

    def own(self, mask: Mask, causal: bool) -> Mask:
        """All that restricts a query: the mask of the call, causality, and what the variant itself hides."""
        return mask & self.recipe.own_mask(causal) & (Causal() if causal else Full())

    def on_backends(self) -> Iterator[Subject]:
        """This subject on each of its backends; itself when it has no such field."""
        names = hints(type(self.recipe)).get("backend")
        if names is None:
            yield self
            return
        for name in get_args(names):
            changed: dict[str, Any] = {"backend": name}
            yield Subject(self.recipe.replace(**changed))


@dataclass(frozen=True)
class Law:
    """A property that holds for every variant that it applies to.

    Args:
        name: what holds, in a few words; part of the test's id.
        check: raises AssertionError when it does not hold.
        applies: whether the law says anything about such a variant.
    """

    name: str
    check: Callable[[Subject], None]
    applies: Callable[[Capabilities], bool] = lambda capabilities: True


def normal(*shape: int, seed: int) -> Tensor:
    """Normal float64 numbers that depend on `seed` alone."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def lengths_mask(*lengths: int, total: int = LENGTH) -> Tensor:
    """(B, S) True for the first `lengths[b]` keys of row b."""
    return torch.arange(total).unsqueeze(0) < torch.tensor(lengths).unsqueeze(1)


def every_mask(length: int) -> Iterator[tuple[MaskKind, str, Mask]]:
    """Kind, name and an example of every mask of self attention; several leave queries without a key."""
    right = lengths_mask(length, 3, 0, total=length)
    yield "padding", "right padding", Padding(right)
    yield "padding", "left padding", Padding(right.flip(1))
    yield "window", "window", Window(2, 1)
    yield "prefix", "prefix", Prefix(torch.tensor([2, length, 0]))
    yield "prefix", "prefix or causal", Causal() | Prefix(2)
    yield "documents", "documents", Documents(torch.arange(length).expand(BATCH, -1) // 3)
    yield "function", "function", Function(lambda batch, head, query, key: (query + key + head) % 3 != 0)
    generator = torch.Generator().manual_seed(3)
    tensor = torch.rand(BATCH, 1, length, length, generator=generator) < 0.5
    tensor[:, :, 1] = False
    yield "dense", "dense", Dense(tensor)


def example_edges(queries: int, keys: int) -> Edges:
    """A random graph in which the last query has no edge."""
    generator = torch.Generator().manual_seed(4)
    joined = torch.rand(queries, keys, generator=generator) < 0.4
    joined[-1] = False
    return Edges(joined.nonzero().T.flip(0), queries, keys)


def visible(mask: Mask, batch: int, heads: int, queries: int, keys: int) -> Tensor:
    """The mask written out, (B, H, T, S)."""
    return lower(mask, Extent(batch, heads, queries, keys)).expand(batch, heads, queries, keys)


def apply(layer: Attention, *inputs: Any, **options: Any) -> Applied:
    """Run a layer and give what went into its mixer, and what came out."""
    found: list[Applied] = []

    def keep(module: nn.Module, given: tuple[Any, ...], mixed: Tensor) -> None:
        query, key, value, call = given
        found.append(Applied(query, key, value, call, mixed))

    handle = layer.mixer.register_forward_hook(keep)
    try:
        layer(*inputs, **options)
    finally:
        handle.remove()
    return found[0]


def slope(out: Tensor, of: Tensor) -> Tensor:
    """The gradient of sum(out) with respect to a leaf."""
    return torch.autograd.grad(out.sum(), of)[0]


def near(actual: Tensor, expected: Tensor, what: str, tolerance: float = 1e-9) -> None:
    """Assert that two tensors are equal up to `tolerance`, absolute and relative."""
    torch.testing.assert_close(
        actual, expected, rtol=tolerance, atol=tolerance, msg=lambda text: f"{what}: {text}", check_dtype=False
    )


def attempt(layer: Attention, *inputs: Tensor, mask: Mask | None = None) -> Tensor | None:
    """The output, or None when the call is refused as unsupported."""
    try:
        out: Tensor = layer(*inputs, mask=mask)
    except UnsupportedError:
        return None
    return out


def refused(run: Callable[[], object]) -> UnsupportedError | None:
    """The refusal of a call as unsupported; None when it is served."""
    try:
        run()
    except UnsupportedError as error:
        return error
    return None
