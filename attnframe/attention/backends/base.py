"""The backend contract: one way of computing softmax-like attention, which serves a request exactly or says why not."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from attnframe.attention.mixer import Call
from attnframe.attention.normalisers import Normaliser
from attnframe.attention.scores import Score
from attnframe.masks import Causal, Edges, Extent, Mask, Padding, Window, terms
from attnframe.masks.mask_mod import why_no_mask_mod
from attnframe.masks.sequences import why_no_sequences

LARGEST_KEPT = 2**24
"""Pairs of a query and a key, in all heads and rows, up to which the mask is kept for the next layer and step."""


@dataclass(frozen=True)
class Weighting:
    """How scores become weights.

    Args:
        score: compares a query with a key.
        normaliser: turns the scores of a query into weights.
        dropout: probability of dropping a weight now (0 outside training).
        chunk: query rows at a time where a backend chunks; None lets it choose. It changes no result.
    """

    score: Score
    normaliser: Normaliser
    dropout: float = 0.0
    chunk: int | None = None

    def parameters(self, call: Call) -> list[nn.Parameter]:
        """Every parameter that the weights depend on and that wants a gradient."""
        parts: list[nn.Module] = [self.score, self.normaliser, *([call.bias.module] if call.bias is not None else [])]
        return [parameter for part in parts for parameter in part.parameters() if parameter.requires_grad]


@dataclass(frozen=True)
class Pattern:
    """What can be said of a mask from its terms and the sizes alone.

    Args:
        terms: kinds of the terms of its conjunction that restrict anything here.
        left: other keys visible to the left at most; None when not bounded by a term. right: likewise.
        edges: number of edges when a term is `Edges`.
        may_hide_all: whether some query may see no key.
        pairs: pairs of a query and a key, in all heads, in the tiles that the mask's reach leaves; None when it bounds
            nothing.
        gathered: keys of those tiles, in all heads.
        no_mask_mod: why it is no elementwise function of indices; empty when it is one.
        no_sequences: why it is no form of sequences with a window; empty when it is one.
    """

    terms: tuple[type[Mask], ...]
    left: int | None
    right: int | None
    edges: int | None
    may_hide_all: bool
    pairs: int | None = None
    gathered: int = 0
    no_mask_mod: tuple[str, ...] = ()
    no_sequences: tuple[str, ...] = ()

    @classmethod
    def of(cls, mask: Mask, extent: Extent) -> Pattern:
        kinds: list[type[Mask]] = []
        left, right, edges = None, None, None
        for term in terms(mask):
            if isinstance(term, Causal):
                if extent.queries == 1 and extent.key_positions is None and extent.start == extent.keys - 1:
                    continue
                right = 0
            elif isinstance(term, Window):
                left = _least(left, term.left)
                right = _least(right, term.right)
            elif isinstance(term, Edges):
                edges = term.edge_index.shape[1]
            kinds.append(type(term))
        hides = bool(kinds) and mask.may_hide_all(extent)
        lowered = tuple(why_no_mask_mod(mask)), tuple(why_no_sequences(mask, extent))
        return cls(tuple(kinds), left, right, edges, hides, *_tiles(mask, extent), *lowered)

    @property
    def only_causal(self) -> bool:
        return self.terms == (Causal,)

    @property
    def only_padding(self) -> bool:
        return all(term is Padding for term in self.terms)


def _tiles(mask: Mask, extent: Extent) -> tuple[int | None, int]:
    """Pairs and keys in the tiles of all heads."""
    pairs = gathered = 0
    for head in range(extent.heads):
        reach = mask.reach(head=head)
        if reach is None:
            return None, 0
        pairs += reach.pairs(extent.queries)
        gathered += reach.gathered(extent.queries)
    return pairs, gathered


def _least(a: int | None, b: int | None) -> int | None:
    return min(a, b) if a is not None and b is not None else a if b is None else b


@dataclass(frozen=True)
class Request:
    """What the choice of a backend may depend on; hashable, without tensors.

    Args:
        batch: B. heads: H. kv_heads: K. queries: T. keys: S. head_dim: E.
        start: position of query row 0. contiguous: whether key positions are 0..S-1.
        dtype: of queries, keys and values. device: its type.
        dropout: whether weights are dropped now.
        dot: whether the score is a dot product after mapping queries and keys.
        softmax: whether the normaliser has a form that fused softmax kernels compute. sink: whether it has a sink.
        score: the score's name. normaliser: the normaliser's name.
        bias: whether a position bias is added.
        pattern: the mask.
        ramp: whether the bias depends on the key alone, up to a number for each query.
        position: the bias's name; empty when there is none.
        score_mod: whether the bias is an elementwise function of the positions of one query and one key.
        capped: whether the score is a soft cap of a dot product.
        pair_width: numbers that the score holds at once for each pair.
        grad: whether gradients are wanted.
        traced: whether the call is traced into a graph.
    """

    batch: int
    heads: int
    kv_heads: int
    queries: int
    keys: int
    head_dim: int
    start: int
    contiguous: bool
    dtype: torch.dtype
    device: str
    dropout: bool
    dot: bool
    softmax: bool
    score: str
    normaliser: str
    bias: bool
    pattern: Pattern
    sink: bool = False
    ramp: bool = False
    position: str = ""
    score_mod: bool = False
    capped: bool = False
    pair_width: int = 1
    grad: bool = False
    traced: bool = False

    @property
    def dense_bytes(self) -> int:
        """Bytes of one (B, H, T, S) tensor."""
        return self.batch * self.heads * self.queries * self.keys * self.dtype.itemsize


class Backend(ABC):
    """Computes the weighted mean of values for requests that it can serve exactly."""

    name: ClassVar[str]

    @abstractmethod
    def why_not(self, request: Request) -> list[str]:
        """Every reason why this backend cannot serve the request exactly; empty when it can."""

    def why_slow(self, request: Request) -> list[str]:
        """Every reason why ``auto`` should rather take another backend, though this one could serve the request."""
        return []

    def notes(self, request: Request) -> list[str]:
        """How this backend would write what it has no argument for."""
        return []

    @abstractmethod
    def memory(self, request: Request) -> int:
        """Bytes expected besides inputs, output and their gradients, at the peak of forward and backward."""

    @abstractmethod
    def attend(self, query: Tensor, key: Tensor, value: Tensor, call: Call, weighting: Weighting) -> Tensor:
        """query (B, H, T, E), key (B, K, S, E), value (B, K, S, E) to (B, H, T, E); Rule E: no visible key gives 0."""
