"""The contract of a peer: the layer of another library, equal to ours in function and size."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import ClassVar

from torch import Tensor, nn

from attnframe.recipe import defaults
from attnframe.recipes.attention.base import AttentionVariant

FREE = ("num_heads", "backend", "max_length")
"""Fields that every peer follows, or that say how and not what is computed."""


@dataclass(frozen=True)
class Request:
    """The layer that a peer must equal.

    Args:
        recipe: the variant with its settings. dim: model width D.
        batch: sequences B. length: tokens T; nodes, on a graph.
        causal: whether a token sees only itself and what came before.
    """

    recipe: AttentionVariant
    dim: int
    batch: int
    length: int
    causal: bool

    @property
    def num_heads(self) -> int:
        """Query heads H."""
        return self.recipe.num_heads

    @property
    def head_dim(self) -> int:
        """Head width E."""
        return self.dim // self.recipe.num_heads

    @property
    def num_kv_heads(self) -> int:
        """Key-value heads K."""
        return {"mqa": 1, "gqa": getattr(self.recipe, "num_kv_heads", 1)}.get(self.recipe.name, self.num_heads)


class Peer(ABC):
    """A layer of another library, for the variants that it equals in function and size."""

    name: ClassVar[str]
    """How it is shown: the package and the class, with what it is told."""
    package: ClassVar[str]
    """The distribution that has it."""
    modules: ClassVar[tuple[str, ...]]
    """What `build` imports, so that a process can import it beforehand."""
    variants: ClassVar[frozenset[str]] = frozenset()
    """Names of the variants that it equals."""
    follows: ClassVar[frozenset[str]] = frozenset()
    """Fields of those variants that it follows, besides the number of heads; the others must have their defaults."""
    modes: ClassVar[frozenset[bool]] = frozenset({True, False})
    """Whether it can be causal (True), or not be (False)."""
    differs: ClassVar[str] = ""
    """What differs from ours, in words; empty when nothing does."""

    @classmethod
    def version(cls) -> str | None:
        """The version installed; None when the package is not."""
        try:
            return metadata.version(cls.package)
        except metadata.PackageNotFoundError:
            return None

    def concerns(self, recipe: AttentionVariant) -> bool:
        """Whether it is a layer of that variant, with some settings at least."""
        return recipe.name in self.variants

    def why_not(self, request: Request) -> list[str]:
        """Each reason why it is not the same layer; none when it is."""
        reasons = [*self._unfollowed(request.recipe)]
        if request.causal not in self.modes:
            reasons.append("cannot be causal" if request.causal else "is causal")
        return [*reasons, *self.limits(request)]

    def limits(self, request: Request) -> Iterator[str]:
        """Further reasons of this peer."""
        yield from ()

    def follows_field(self, field: str) -> bool:
        """Whether it takes a field of the variant over, whatever its value."""
        return field in FREE or field in self.follows

    def _unfollowed(self, recipe: AttentionVariant) -> Iterator[str]:
        usual = defaults(type(recipe))
        for name, value in vars(recipe).items():
            if not self.follows_field(name) and value != usual[name]:
                yield f"does not follow attention.{name}={value}"


class LayerPeer(Peer, ABC):
    """A self attention layer."""

    @abstractmethod
    def build(self, request: Request) -> nn.Module:
        """A module from (B, T, D) to (B, T, D)."""


class EdgePeer(Peer, ABC):
    """A layer over the edges of a graph."""

    @abstractmethod
    def build(self, request: Request) -> nn.Module:
        """A module from nodes (T, D) and edges (2, N), sources first, to (T, D)."""


Decode = Callable[[Tensor], Tensor]
"""From one token (B, 1, D) to (B, 1, D), taken into the past."""


class DecodingPeer(Peer, ABC):
    """A causal layer that decodes with a cache."""

    @abstractmethod
    def build(self, request: Request) -> Decoder:
        """A layer with an empty past, which shall hold `request.length` tokens."""


class Decoder(nn.Module, ABC):
    """A causal layer with its cache."""

    @abstractmethod
    def forward(self, x: Tensor) -> Tensor:
        """Take in x (B, T, D) and give the outputs (B, T, D)."""

    @abstractmethod
    def rewind(self, length: int) -> None:
        """Forget what came after the first `length` tokens, where that is needed to keep the size of the past."""

    @property
    @abstractmethod
    def nbytes(self) -> int:
        """Bytes of the cache."""
