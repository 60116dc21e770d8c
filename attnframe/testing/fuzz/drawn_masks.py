"""Random masks of every kind, alone and joined."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, reduce

import torch
from torch import Tensor

from attnframe.masks import (
    BlockLayout,
    BlockWindow,
    Causal,
    Dense,
    Dilated,
    Documents,
    Edges,
    Full,
    Function,
    Global,
    Mask,
    Padding,
    Prefix,
    Window,
)
from attnframe.masks.algebra import And, Not, Or


@dataclass(frozen=True)
class Sizes:
    """Sizes that a mask is drawn for.

    Args:
        batch: B. heads: H. queries: T. keys: S.
        cross: whether keys are of another sequence than queries.
        steps: whether the mask must be one that decoding step by step can take.
    """

    batch: int
    heads: int
    queries: int
    keys: int
    cross: bool
    steps: bool


@dataclass(frozen=True)
class DrawnMask:
    """A mask and what it is made of.

    Args:
        mask: None for none.
        kinds: of all its parts, in the words of `Capabilities`; ``edges``, ``causal``, ``pattern`` and ``mixed
            documents``, whose tokens do not stand side by side, besides.
        plain: whether it is a conjunction of masks that are none themselves.
    """

    mask: Mask | None
    kinds: frozenset[str]
    plain: bool


def draw_mask(rng: random.Random, sizes: Sizes) -> DrawnMask:
    """None in a fifth of cases, else up to three masks, joined by ``&`` mostly."""
    kinds = list(_MAKERS)
    if sizes.steps:
        kinds = [kind for kind in kinds if kind not in ("edges", "pattern")]
    chosen = [rng.choice(kinds) for _ in range(rng.choice((0, 1, 1, 2, 3)))]
    if not chosen:
        return DrawnMask(None, frozenset(), True)
    parts = [_MAKERS[kind](rng, sizes) for kind in chosen]
    if rng.random() < 0.8:
        return DrawnMask(reduce(Mask.__and__, parts), frozenset(chosen), True)
    mask = reduce(lambda a, b: a | b if rng.random() < 0.7 else a & b, parts)
    if rng.random() < 0.4:
        mask = ~mask
    return DrawnMask(mask, frozenset(chosen), False)


def at_step(mask: Mask | None, first: int, last: int) -> Mask | None:
    """A mask over a whole sequence as a step that takes in its tokens `first` to `last` - 1 wants it: over these
    queries, and over the keys so far.
    """
    if isinstance(mask, Padding):
        return Padding(_cut(mask.valid, 1, 0, last))
    if isinstance(mask, Documents):
        return Documents(_cut(mask.query_ids, 1, 0, last))
    if isinstance(mask, Dense):
        tensor, axes = mask.tensor, mask.axes or ""
        if "T" in axes:
            tensor = _cut(tensor, axes.index("T"), first, last)
        return Dense(_cut(tensor, axes.index("S"), 0, last) if "S" in axes else tensor, axes)
    if isinstance(mask, And | Or):
        found = [at_step(member, first, last) for member in mask.members]
        return type(mask)(tuple(member for member in found if member is not None))
    if isinstance(mask, Not):
        inner = at_step(mask.inner, first, last)
        return inner if inner is None else Not(inner)
    return mask


def _cut(x: Tensor, axis: int, first: int, last: int) -> Tensor:
    return x if x.shape[axis] == 1 else x.narrow(axis, first, last - first)


def _generator(rng: random.Random) -> torch.Generator:
    return torch.Generator().manual_seed(rng.randrange(2**31))


def _coins(rng: random.Random, *shape: int, share: float = 0.6) -> Tensor:
    return torch.rand(*shape, generator=_generator(rng)) < share


def _padding(rng: random.Random, sizes: Sizes) -> Mask:
    batch = sizes.batch if rng.random() < 0.8 else 1
    kind = rng.choice(("right", "left", "holes", "none real"))
    if kind == "holes":
        return Padding(_coins(rng, batch, sizes.keys))
    lengths = torch.tensor([rng.randint(0 if kind == "none real" else 1, sizes.keys) for _ in range(batch)])
    if kind == "none real":
        lengths[0] = 0
    valid = torch.arange(sizes.keys) < lengths.unsqueeze(1)
    return Padding(valid.flip(1) if kind == "left" else valid)


def _window(rng: random.Random, sizes: Sizes) -> Mask:
    sides = (None, 0, 1, 2, 4)
    return Window(rng.choice(sides), rng.choice(sides))


def _prefix(rng: random.Random, sizes: Sizes) -> Mask:
    if rng.random() < 0.5:
        return Prefix(rng.randint(0, sizes.keys))
    return Prefix(torch.tensor([rng.randint(0, sizes.keys) for _ in range(sizes.batch)]))


def _documents(rng: random.Random, sizes: Sizes, side_by_side: bool = True) -> Mask:
    def ids(batch: int, length: int) -> Tensor:
        found = torch.randint(0, 3, (batch, length), generator=_generator(rng))
        return found.sort(dim=1).values if side_by_side else found

    batch = sizes.batch if rng.random() < 0.8 else 1
    if sizes.cross:
        return Documents(ids(batch, sizes.queries), ids(batch, sizes.keys))
    return Documents(ids(batch, sizes.keys))


def _function(rng: random.Random, sizes: Sizes) -> Mask:
    step = rng.choice((2, 3))
    choices: tuple[Callable[[Tensor, Tensor, Tensor, Tensor], Tensor], ...] = (
        lambda batch, head, query, key: (query + key + head) % step != 0,
        lambda batch, head, query, key: (key % step == 0) | (query == key),
        lambda batch, head, query, key: (batch + query * 0 + key * 0 + head * 0) % step != 1,
    )
    return Function(rng.choice(choices))


def _dense(rng: random.Random, sizes: Sizes) -> Mask:
    size = {"B": sizes.batch, "H": sizes.heads, "T": sizes.queries, "S": sizes.keys}
    axes = rng.choice(("TS", "BHTS", "BTS", "HTS", "BS", "S"))
    shape = [1 if axis in "BH" and rng.random() < 0.3 else size[axis] for axis in axes]
    return Dense(_coins(rng, *shape), axes)


def _edges(rng: random.Random, sizes: Sizes) -> Mask:
    joined = _coins(rng, sizes.queries, sizes.keys, share=rng.choice((0.0, 0.3, 0.7)))
    return Edges(joined.nonzero().T.flip(0), sizes.queries, sizes.keys)


def _causal(rng: random.Random, sizes: Sizes) -> Mask:
    return Causal()


def _pattern(rng: random.Random, sizes: Sizes) -> Mask:
    block = rng.choice((1, 2, 3))
    blocks = -(-max(sizes.queries, sizes.keys) // block)
    choices: tuple[Callable[[], Mask], ...] = (
        lambda: Dilated(rng.randint(0, 2), rng.randint(0, 2), rng.choice((1, 2, (1, 3)))),
        lambda: BlockWindow(block, rng.randint(0, 1), rng.randint(0, 1)),
        lambda: Global(rng.randint(0, 2), rng.randint(0, 1)),
        lambda: BlockLayout(_coins(rng, rng.choice((1, sizes.heads)), blocks, blocks), block),
        Full,
    )
    return rng.choice(choices)()


_MAKERS: dict[str, Callable[[random.Random, Sizes], Mask]] = {
    "padding": _padding,
    "window": _window,
    "prefix": _prefix,
    "documents": _documents,
    "mixed documents": partial(_documents, side_by_side=False),
    "function": _function,
    "dense": _dense,
    "edges": _edges,
    "causal": _causal,
    "pattern": _pattern,
}
