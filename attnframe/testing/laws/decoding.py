"""Laws of decoding: with a cache, in steps of any size, the outputs are those of the full pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import torch
from torch import Tensor

from attnframe.attention.cache import Cache, StaticCache
from attnframe.attention.layer import Attention
from attnframe.masks import Documents, Mask, Padding, Prefix, Window
from attnframe.recipes.capabilities import Capabilities
from attnframe.testing.laws.law import Law, Subject, lengths_mask, near, refused

LENGTH = 11
STEPS = ((1,) * LENGTH, (LENGTH,), (4, 1, 1, 3, 2), (1, 5, 5))


def _decode(layer: Attention, x: Tensor, steps: Sequence[int], mask: Mask | None, cache: Cache | None = None) -> Tensor:
    """Outputs of `x` (B, T, D) taken in step by step, each step with the mask over the keys so far."""
    cache = layer.new_cache(x.shape[0]) if cache is None else cache
    outs = []
    for step in steps:
        first = cache.length
        outs.append(layer(x[:, first : first + step], mask=_until(mask, first + step), cache=cache))
    return torch.cat(outs, dim=1)


def _until(mask: Mask | None, length: int) -> Mask | None:
    if isinstance(mask, Padding):
        return Padding(mask.valid[:, :length])
    return Documents(mask.query_ids[:, :length]) if isinstance(mask, Documents) else mask


def _masks(subject: Subject) -> Iterator[tuple[str, Mask | None]]:
    yield "none", None
    kinds = subject.capabilities.masks
    if "padding" in kinds:
        yield "left padding", Padding(lengths_mask(LENGTH, 7, 1, total=LENGTH).flip(1))
        yield "right padding", Padding(lengths_mask(LENGTH, 7, 1, total=LENGTH))
    if subject.capabilities.cache == "recurrent":
        return
    if "documents" in kinds:
        yield "documents", Documents(torch.arange(LENGTH).expand(3, -1) // 4)
    if "window" in kinds:
        yield "window", Window(3, 0)
    if "prefix" in kinds:
        yield "prefix", Prefix(4)


@torch.no_grad()
def cached_equals_full(subject: Subject) -> None:
    """Every position, padding and size of step."""
    x = subject.x(length=LENGTH)
    for position in subject.positions():
        layer = subject.layer(causal=True, position=position)
        for name, mask in _masks(subject):
            full = layer(x, mask=mask)
            for steps in STEPS:
                what = f"position={type(position).__name__} mask={name} steps={steps}"
                near(_decode(layer, x, steps, mask), full, what)
        near(_decode(layer, x, STEPS[2], None, layer.new_cache(3, LENGTH)), layer(x), "preallocated")


@torch.no_grad()
def cached_equals_full_single(subject: Subject) -> None:
    """In float32 to 1e-5, with positions of a user's own."""
    x = subject.x(length=LENGTH, dtype=torch.float32)
    for position in subject.positions():
        layer = subject.layer(causal=True, position=position, dtype=torch.float32)
        given = torch.arange(LENGTH).unsqueeze(0) * 2 + torch.arange(3).unsqueeze(1)
        cache, outs = layer.new_cache(3), []
        for t in range(LENGTH):
            outs.append(layer(x[:, t : t + 1], positions=given[:, t : t + 1], cache=cache))
        near(torch.cat(outs, dim=1), layer(x, positions=given), f"position={type(position).__name__}", 1e-5)


@torch.no_grad()
def crop_is_exact_or_refused(subject: Subject) -> None:
    """After `crop` decoding goes on as if the rest had never been, or `crop` says that it cannot."""
    x, other = subject.x(length=LENGTH), subject.x(length=LENGTH, seed=9)
    for position in subject.positions():
        layer = subject.layer(causal=True, position=position)
        for length in (0, 3, LENGTH - 1, LENGTH):
            cache = layer.new_cache(3)
            _decode(layer, x, STEPS[2], None, cache)
            refusal = refused(partial(cache.crop, length))
            if refusal is not None:
                assert refusal.faults[0].works, "the refusal names nothing that works"
                assert 0 < length < LENGTH, "all or nothing can always be kept"
                continue
            assert cache.length == length
            mixed = torch.cat([x[:, :length], other[:, length:]], dim=1)
            if length < LENGTH:
                rest = _decode(layer, mixed, (LENGTH - length,), None, cache)
                near(rest, layer(mixed)[:, length:], f"position={type(position).__name__}: crop({length})")


@torch.no_grad()
def reorder_follows_beams(subject: Subject) -> None:
    """After `reorder` each row goes on from the row that it was told to: with every position, prompts of mixed lengths
    too.
    """
    x, follow = subject.x(length=LENGTH), subject.x(4, LENGTH, seed=9)
    order = torch.tensor([2, 0, 0, 1])
    mixed = torch.cat([x[order, :6], follow[:, 6:]], dim=1)
    for position in subject.positions():
        layer = subject.layer(causal=True, position=position)
        for name, mask, beams in _prompts(subject, order):
            cache = layer.new_cache(3)
            _decode(layer, x[:, :6], (6,), mask, cache)
            cache.reorder(order)
            rest = _decode(layer, mixed, (1,) * (LENGTH - 6), beams, cache)
            what = f"position={type(position).__name__} mask={name}"
            near(rest, layer(mixed, mask=beams)[:, 6:], f"{what}: beams")


def _prompts(subject: Subject, order: Tensor) -> Iterator[tuple[str, Mask | None, Mask | None]]:
    """Masks of three rows, and of the beams that follow them."""
    yield "none", None, None
    if "padding" in subject.capabilities.masks:
        valid = lengths_mask(LENGTH, 7, 9, total=LENGTH).flip(1)
        yield "left padding", Padding(valid), Padding(valid[order])


@torch.no_grad()
def prompts_of_mixed_lengths_are_apart(subject: Subject) -> None:
    """Prompts of several lengths, padded on the left, taken in at once and gone on from: each gives what it gives
    alone, with positions that count from its own first token.
    """
    x, lengths, prompt = subject.x(length=LENGTH), (LENGTH, 7, 6), 6
    start = LENGTH - torch.tensor(lengths).unsqueeze(1)
    positions = (torch.arange(LENGTH) - start).clamp(min=0)
    mask = Padding(lengths_mask(*lengths, total=LENGTH).flip(1))
    for position in subject.positions():
        layer = subject.layer(causal=True, position=position)
        for steps in ((prompt, 1, 1, 1, 1, 1), (prompt, 3, 2), (1, 5, 2, 3)):
            cache, outs, first = layer.new_cache(3), [], 0
            for step in steps:
                last = first + step
                at = positions[:, first:last]
                outs.append(layer(x[:, first:last], mask=_until(mask, last), positions=at, cache=cache))
                first = last
            together = torch.cat(outs, dim=1)
            for row, length in enumerate(lengths):
                alone = layer(x[row : row + 1, LENGTH - length :])[0]
                what = f"position={type(position).__name__} steps={steps}: row {row}"
                near(together[row, LENGTH - length :], alone, what)


@torch.no_grad()
def memory_is_as_declared(subject: Subject) -> None:
    """A ring and a recurrent state take the same memory at any length; a growing cache grows."""
    layer = subject.layer(causal=True)
    sizes = []
    for length in (LENGTH, 40 * LENGTH):
        cache = layer.new_cache(3)
        layer(subject.x(length=length), cache=cache)
        sizes.append(cache.nbytes)
    assert sizes[0] > 0, "nothing is held"
    if subject.capabilities.cache in ("growing", "latent"):
        assert sizes[1] > sizes[0], f"does not grow: {sizes}"
    else:
        assert sizes[1] == sizes[0], f"grows: {sizes}"


@torch.no_grad()
def context_is_projected_once(subject: Subject) -> None:
    """A static cache gives the same as the context itself, without the context; beams may be reordered, and it may be
    emptied for another context but not cut.
    """
    layer, x, context = subject.cross_layer(), subject.x(), subject.context()
    mask = Padding(lengths_mask(9, 4, 1, total=9)) if "padding" in subject.capabilities.masks else None
    cache = layer.new_cache(3)
    assert isinstance(cache, StaticCache)
    full = layer(x, context, mask=mask)
    near(layer(x[:, :2], context, mask=mask, cache=cache), full[:, :2], "first step")
    near(layer(x[:, 2:], mask=mask, cache=cache), full[:, 2:], "later steps")
    cache.reorder(torch.tensor([1, 1]))
    beams = None if mask is None else Padding(mask.valid[[1, 1]])
    near(layer(x[:2], mask=beams, cache=cache), layer(x[:2], context[[1, 1]], mask=beams), "beams")
    refusal = refused(partial(cache.crop, 2))
    assert refusal is not None, "a context that is cut is another one"
    assert refusal.faults[0].works, "the refusal names nothing that works"
    cache.crop(0)
    other = subject.context(batch=2, seed=9)
    near(layer(x[:2], other, mask=beams, cache=cache), layer(x[:2], other, mask=beams), "another context")


def _decodes(capabilities: Capabilities) -> bool:
    return capabilities.causal and capabilities.cache != "none"


LAWS = (
    Law("cached equals full", cached_equals_full, _decodes),
    Law("cached equals full in float32", cached_equals_full_single, _decodes),
    Law("crop is exact or refused", crop_is_exact_or_refused, _decodes),
    Law("reorder follows beams", reorder_follows_beams, _decodes),
    Law(
        "prompts of mixed lengths are apart",
        prompts_of_mixed_lengths_are_apart,
        lambda c: _decodes(c) and "padding" in c.masks,
    ),
    Law("memory of the cache is as declared", memory_is_as_declared, _decodes),
    Law("a context is projected once", context_is_projected_once, lambda c: c.cross),
)
