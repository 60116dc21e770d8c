"""Laws of conduct: numbers stay finite, runs repeat, parts can be saved, looked into and exported."""

from __future__ import annotations

import copy
import io
import warnings
from contextlib import ExitStack
from typing import Any

import torch
from torch import Tensor

from attnframe.interpretation import capture
from attnframe.masks import Full, Padding
from attnframe.testing.laws.law import LENGTH, Law, Subject, apply, lengths_mask, near, slope

HALVES = (torch.bfloat16, torch.float16)


def half_precision_has_no_nan(subject: Subject) -> None:
    """Large logits give neither NaN nor infinity in half precision, and no NaN in the gradient."""
    for one in subject.on_backends():
        for dtype in HALVES:
            for causal in subject.modes():
                masks = {"full": Full(), "padding": Padding(lengths_mask(LENGTH, 3, 0))}
                for name, mask in masks.items() if "padding" in subject.capabilities.masks else [("full", Full())]:
                    if getattr(one.recipe, "backend", "auto") not in ("auto", "eager", "sdpa"):
                        continue
                    layer = one.layer(causal=causal, dtype=dtype)
                    x = (subject.x(dtype=dtype) * 300).requires_grad_()
                    out = layer(x, mask=mask)
                    what = f"{dtype} causal={causal} mask={name}"
                    assert out.isfinite().all(), f"{what}: the output is not finite"
                    assert not slope(out * 1e-3, x).isnan().any(), f"{what}: the gradient has NaN"


def half_precision_is_near(subject: Subject) -> None:
    """bfloat16 is within 0.03 of float64 on inputs of unit scale."""
    for causal in subject.modes():
        exact = subject.layer(causal=causal)
        near(exact.to(torch.bfloat16)(subject.x(dtype=torch.bfloat16)).double(), _twin(subject, causal), "output", 0.03)


def _twin(subject: Subject, causal: bool) -> Tensor:
    out: Tensor = subject.layer(causal=causal)(subject.x())
    return out.detach()


def state_is_the_layer(subject: Subject) -> None:
    """A layer loaded from another's saved state gives the same bits."""
    for position in subject.positions():
        causal = subject.modes()[0]
        layer, other = (subject.layer(causal=causal, position=position, seed=seed) for seed in (0, 1))
        saved = io.BytesIO()
        torch.save(layer.state_dict(), saved)
        saved.seek(0)
        other.load_state_dict(torch.load(saved, weights_only=True))
        assert torch.equal(layer(subject.x()), other(subject.x()))


def a_copy_is_the_layer(subject: Subject) -> None:
    """A copy of a layer, as averaging over steps makes them, gives the same bits and shares nothing with it."""
    for causal in subject.modes():
        layer = subject.layer(causal=causal)
        before, twin = layer(subject.x()), copy.deepcopy(layer)
        with torch.no_grad():
            for parameter in layer.parameters():
                parameter.zero_()
        assert torch.equal(twin(subject.x()), before), f"causal={causal}"


def seed_fixes_the_bits(subject: Subject) -> None:
    """The same seed gives the same weights, dropout, output and gradient, to the bit."""
    for causal in subject.modes():
        results = []
        for _ in range(2):
            layer = _with_dropout(subject).layer(causal=causal).train()
            x = subject.x().requires_grad_()
            out = layer(x)
            results.append((out, slope(out, x)))
        assert torch.equal(results[0][0], results[1][0]), f"causal={causal}: the output differs"
        assert torch.equal(results[0][1], results[1][1]), f"causal={causal}: the gradient differs"


def _with_dropout(subject: Subject) -> Subject:
    if not subject.capabilities.dropout:
        return subject
    changed: dict[str, Any] = {"dropout": 0.5}
    return Subject(subject.recipe.replace(**changed))


def dropout_acts_in_training_only(subject: Subject) -> None:
    """Dropout changes training outputs, draws anew each time, keeps their mean, and leaves evaluation alone; on every
    backend.
    """
    for one in _with_dropout(subject).on_backends():
        if getattr(one.recipe, "backend", "auto") in ("edges", "blocks", "tiles", "flex", "flash"):
            continue
        causal = subject.modes()[0]
        layer, x = one.layer(causal=causal), subject.x()
        plain = subject.layer(causal=causal)(x)
        near(layer(x), plain, "evaluation")
        layer.train()
        first, second = layer(x), layer(x)
        assert not torch.equal(first, plain), "dropout drops nothing in training"
        assert not torch.equal(first, second), "dropout drops the same each time"
        # Before the step that ends a head, whose norm keeps no mean.
        draws = apply(layer, x.repeat(400, 1, 1)).mixed
        draws = draws.view(400, -1, *draws.shape[1:])
        error = draws.std(dim=0) / 20
        expected = apply(subject.layer(causal=causal), x).mixed
        assert ((draws.mean(dim=0) - expected).abs() < 6 * error + 1e-9).all(), "dropout changes the mean"


def capture_changes_no_bit(subject: Subject) -> None:
    """Outputs and gradient are the same to the bit while weights are captured, in training too, and afterwards."""
    for causal in subject.modes():
        layer = _with_dropout(subject).layer(causal=causal).train()
        results = []
        for watched in (False, True):
            torch.manual_seed(0)
            x = subject.x().requires_grad_()
            with ExitStack() as stack:
                captured = stack.enter_context(capture(layer)) if watched else {}
                out = layer(x)
            results.append((out, slope(out, x), layer(x)))
        assert captured[""].shape == (x.shape[0], layer.num_heads, LENGTH, LENGTH)
        assert not captured[""].requires_grad
        for plain, other, what in zip(*results, ("output", "gradient", "next output"), strict=True):
            assert torch.equal(plain, other), f"causal={causal}: the {what} differs"


def every_parameter_learns(subject: Subject) -> None:
    """No parameter is left without a gradient: what is made is used."""
    for causal in subject.modes():
        layer = subject.layer(causal=causal)
        names, parameters = zip(*layer.named_parameters(), strict=True)
        found = torch.autograd.grad(layer(subject.x()).square().sum(), parameters, allow_unused=True)
        for name, one in zip(names, found, strict=True):
            assert one is not None, f"causal={causal}: {name} has no gradient"
            assert one.any(), f"causal={causal}: the gradient of {name} is 0"


def export_keeps_the_numbers(subject: Subject) -> None:
    """`torch.export` of plain self attention gives the same outputs after a round trip."""
    for causal in subject.modes():
        layer, x = subject.layer(causal=causal), subject.x()
        saved = io.BytesIO()
        torch.export.save(torch.export.export(layer, (x,)), saved)
        saved.seek(0)
        with warnings.catch_warnings():
            # torch reads the bytes of the archive in place and warns that they cannot be written to; nothing writes.
            warnings.filterwarnings("ignore", message="The given buffer is not writable")
            loaded = torch.export.load(saved).module()
        near(loaded(x), layer(x), f"causal={causal}")


def one_graph_keeps_the_numbers(subject: Subject) -> None:
    """`torch.compile` takes the layer as one graph, and that gives the same outputs."""
    padded = "padding" in subject.capabilities.masks
    layer, x = subject.layer(causal=subject.modes()[0]), subject.x()
    mask = Padding(lengths_mask(LENGTH, 3, 1)) if padded else None
    traced = torch.compile(layer, backend="eager", fullgraph=True)
    torch.compiler.reset()
    with warnings.catch_warnings():
        # torch's tracer warns of caches that it looks behind, and makes an object of each autograd function.
        warnings.filterwarnings("ignore", message="Dynamo detected a call to a `functools.lru_cache`-wrapped function")
        warnings.filterwarnings(
            "ignore", message=".*Function'> should not be instantiated", category=DeprecationWarning
        )
        near(traced(x, mask=mask), layer(x, mask=mask), f"mask={mask!r}")


LAWS = (
    Law("half precision has no NaN", half_precision_has_no_nan),
    Law("half precision is near", half_precision_is_near),
    Law("the state is the layer", state_is_the_layer),
    Law("a copy is the layer", a_copy_is_the_layer),
    Law("the seed fixes the bits", seed_fixes_the_bits),
    Law("dropout acts in training only", dropout_acts_in_training_only, lambda c: c.dropout),
    Law("capture changes no bit", capture_changes_no_bit, lambda c: c.weights != "none"),
    Law("every parameter learns", every_parameter_learns),
    Law("export keeps the numbers", export_keeps_the_numbers),
    Law("one graph keeps the numbers", one_graph_keeps_the_numbers),
)
