"""Laws of agreement: with the reference, among backends, chunks and forms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import torch
from torch import Tensor

from attnframe.attention.layer import Attention
from attnframe.attention.mixer import Mixer, share_heads
from attnframe.attention.reference import reference_attention
from attnframe.interpretation import weights_of
from attnframe.masks import Dense, Full, Mask
from attnframe.positions import Position
from attnframe.testing.laws.law import (
    Applied,
    Law,
    Subject,
    apply,
    attempt,
    example_edges,
    near,
    normal,
    slope,
    visible,
)

Case: TypeAlias = tuple[str, Attention, Mask, bool, Position | None]
"""In words, the layer, the mask of the call, whether causal, and the position."""
FEW = ("right padding", "dense")
"""Masks that are tried together with positions; without one every mask is."""


def _cases(subject: Subject) -> Iterator[Case]:
    """Every claimed mode with every claimed mask, and with every claimed position."""
    for causal in subject.modes():
        for position in subject.positions():
            layer = subject.layer(causal=causal, position=position)
            for name, mask in {"full": Full(), **subject.masks()}.items():
                if position is None or name in ("full", *FEW):
                    yield (
                        f"causal={causal} position={type(position).__name__} mask={name}",
                        layer,
                        mask,
                        causal,
                        position,
                    )


def _leaves(applied: Applied, dtype: torch.dtype) -> list[Tensor]:
    return [one.detach().to(dtype).requires_grad_() for one in (applied.query, applied.key, applied.value)]


def equals_reference(subject: Subject) -> None:
    """Forward and gradient: float64 to 1e-9, float32 to 1e-5."""
    for what, layer, mask, causal, _ in _cases(subject):
        applied = apply(layer, subject.x(), mask=mask)
        extent = applied.call.extent
        allowed = visible(subject.own(mask, causal), extent.batch, extent.heads, extent.queries, extent.keys)
        direction = normal(*applied.mixed.shape, seed=5)
        theirs = _leaves(applied, torch.float64)
        query, key, value = theirs
        bias = None if applied.call.bias is None else applied.call.bias.scores(query * query.shape[-1] ** -0.5)
        expected = reference_attention(query, key, value, allowed, bias=bias)
        slopes = torch.autograd.grad((expected * direction).sum(), theirs)
        for dtype, tolerance in ((torch.float64, 1e-9), (torch.float32, 1e-5)):
            ours = _leaves(applied, dtype)
            out = layer.mixer(*ours, applied.call).double()
            near(out, expected, f"{what} {dtype}: output", tolerance)
            found = torch.autograd.grad((out * direction).sum(), ours)
            for name, one, other in zip(("query", "key", "value"), found, slopes, strict=True):
                near(one.double(), other, f"{what} {dtype}: gradient of the {name}", tolerance)


def cross_equals_reference(subject: Subject) -> None:
    """Cross attention over a context of another width and length."""
    layer, x, context = subject.cross_layer(), subject.x(), subject.context()
    for name, mask in {"full": Full(), "dense": Dense(normal(x.shape[1], context.shape[1], seed=6) > 0)}.items():
        if name != "full" and name not in subject.capabilities.masks:
            continue
        applied = apply(layer, x, context, mask=mask)
        extent = applied.call.extent
        allowed = visible(mask, extent.batch, extent.heads, extent.queries, extent.keys)
        near(applied.mixed, reference_attention(applied.query, applied.key, applied.value, allowed), name)


def gradients_are_right(subject: Subject) -> None:
    """The gradient against finite differences, on a tiny input."""
    for causal in subject.modes():
        layer = subject.layer(causal=causal)
        x = subject.x(1, 3).requires_grad_()
        assert torch.autograd.gradcheck(layer, (x,)), f"causal={causal}"


def output_is_weights_times_values(subject: Subject) -> None:
    """What capture shows is what the output is made of."""
    for what, layer, mask, _, _ in _cases(subject):
        applied = apply(layer, subject.x(), mask=mask)
        assert isinstance(layer.mixer, Mixer)
        weights = weights_of(layer.mixer, applied.query, applied.key, applied.call)
        near(weights @ share_heads(applied.query, applied.value), applied.mixed, what)


def edges_equal_adjacency(subject: Subject) -> None:
    """An edge list gives what the adjacency matrix as a mask gives, forward and gradient, also joined with another
    mask.
    """
    edges = example_edges(7, 7)
    adjacency = Dense(visible(edges, 1, 1, 7, 7))
    masks = {"alone": Full(), **({"and padding": m} if (m := subject.masks().get("right padding")) else {})}
    for position in subject.positions():
        layer = subject.layer(position=position)
        for name, other in masks.items():
            results = []
            for mask in (edges, adjacency):
                found = _run(layer, subject, mask & other)
                assert found is not None
                results.append(found)
            near(results[0][0], results[1][0], f"{name}: output")
            near(results[0][1], results[1][1], f"{name}: gradient")


def backends_agree(subject: Subject) -> None:
    """Every backend that serves a case gives the same output and gradient, one without gradients here the same output;
    ``auto`` serves every claimed case.
    """
    backends = list(subject.on_backends())
    for what, _, mask, causal, position in _cases(subject):
        results: list[tuple[str, Tensor, Tensor | None]] = []
        for one in backends:
            layer = one.layer(causal=causal, position=position)
            name, found = getattr(one.recipe, "backend", ""), _run(layer, subject, mask)
            if found is not None:
                results.append((name, *found))
            elif position is None:
                with torch.no_grad():
                    out = attempt(layer, subject.x(), mask=mask)
                results += [] if out is None else [(name, out, None)]
        assert results, f"{what}: nothing serves"
        first, output, gradient = results[0]
        assert first in ("auto", ""), f"{what}: auto refuses what another backend serves"
        assert gradient is not None, f"{what}: auto gives no gradient"
        for backend, other, slopes in results[1:]:
            near(other, output, f"{what} backend={backend}: output")
            if slopes is not None:
                near(slopes, gradient, f"{what} backend={backend}: gradient")


def chunks_change_nothing(subject: Subject) -> None:
    """Any chunk size of any part of the layer gives the same output and gradient."""
    for one in subject.on_backends():
        if getattr(one.recipe, "backend", "eager") != "eager":
            continue
        for causal in one.modes():
            for name, mask in {"full": Full(), **subject.masks()}.items():
                whole = _run(one.layer(causal=causal), one, mask)
                assert whole is not None
                for chunk in (1, 3, 100):
                    layer = one.layer(causal=causal)
                    for module in layer.modules():
                        if "chunk" in vars(module):
                            vars(module)["chunk"] = chunk
                    found = _run(layer, one, mask)
                    assert found is not None
                    near(found[0], whole[0], f"causal={causal} mask={name} chunk={chunk}: output")
                    near(found[1], whole[1], f"causal={causal} mask={name} chunk={chunk}: gradient")


def _run(layer: Attention, subject: Subject, mask: Mask) -> tuple[Tensor, Tensor] | None:
    """Output and gradient, or None when the call is refused as unsupported."""
    x = subject.x().requires_grad_()
    out = attempt(layer, x, mask=mask)
    if out is None:
        return None
    return out.detach(), slope(out.square(), x)


LAWS = (
    Law("equals the reference", equals_reference, lambda c: c.exact),
    Law("cross attention equals the reference", cross_equals_reference, lambda c: c.exact and c.cross),
    Law("gradients equal finite differences", gradients_are_right),
    Law("output is weights times values", output_is_weights_times_values, lambda c: c.weights != "none"),
    Law(
        "edges equal the adjacency mask",
        edges_equal_adjacency,
        lambda c: c.edges and c.noncausal and "dense" in c.masks,
    ),
    Law("backends agree", backends_agree),
    Law("chunk size changes nothing", chunks_change_nothing),
)
