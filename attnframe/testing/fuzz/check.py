"""Holding one request against its definition, or its refusal against the declaration."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from enum import Enum

import torch
from torch import Tensor, nn

from attnframe.attention.cache import Cache, GrowingCache, RecurrentCache, RingCache, StaticCache
from attnframe.attention.layer import Attention
from attnframe.attention.mixer import Mixer, share_heads
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.interpretation import weights_of
from attnframe.masks import Extent, lower
from attnframe.positions import BiasPosition, Position, RelativePosition
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.registry import attention_variant, attention_variants
from attnframe.testing.fuzz.advice import follow
from attnframe.testing.fuzz.drawn_masks import at_step
from attnframe.testing.fuzz.expected import Bias, expected_weights, has_steps
from attnframe.testing.fuzz.request import Request, draw_request
from attnframe.testing.laws.law import Applied, apply

_TOLERANCE = {torch.float64: 1e-9, torch.float32: 2e-5, torch.bfloat16: 0.05}
"""Of the largest value, or of one where that is smaller."""


class Outcome(Enum):
    """How a request was answered."""

    SERVED = "served"
    REFUSED = "refused"


def check_request(number: int, variants: Sequence[str | type[AttentionVariant]] | None = None) -> Outcome:
    """Ask request `number` of a layer and hold the answer against what it must be.

    Args:
        number: at least 0.
        variants: names or classes of the variants that take turns; None for every registered one.

    Raises:
        AssertionError: with the request, when it is answered wrongly: another result than the definition's, a refusal
            of what is declared, an answer to what is declared not to be served, a refusal without reasons or
            whose advice does not work, or any other exception.
    """
    chosen = [*attention_variants()] if variants is None else variants
    request = draw_request(number, [attention_variant(one) if isinstance(one, str) else one for one in chosen])
    try:
        with torch.set_grad_enabled(request.gradients):
            return _check(request)
    except Exception as error:  # Any exception but a refusal is a fault of the engine.
        raise AssertionError(f"{request}\n{type(error).__name__}: {error}") from error


def _check(request: Request) -> Outcome:
    answer = _ask(request)
    if isinstance(answer, ConfigurationError):
        return Outcome.REFUSED
    recipe, layer = answer
    assert not request.must_refuse(), "is declared not to be served, yet served"
    _hold(request, recipe, layer)
    return Outcome.SERVED


def _ask(request: Request) -> ConfigurationError | tuple[AttentionVariant, Attention]:
    """The refusal, which has been held against the declaration, or the variant and the layer that served."""
    recipe = _fields(request)
    if isinstance(recipe, ConfigurationError):
        _hold_advice(recipe)
        return recipe
    answer = _served(request, recipe)
    if isinstance(answer, Attention):
        return recipe, answer
    assert not request.must_serve(), f"is declared, yet refused: {answer}"
    if isinstance(answer, UnsupportedError):
        _hold_advice(answer)
        follow(answer, request, recipe, _served)
    return answer


def _hold_advice(error: ConfigurationError) -> None:
    assert all(fault.works for fault in error.faults), f"names nothing that works: {error}"


def _fields(request: Request) -> AttentionVariant | ConfigurationError:
    try:
        recipe = request.recipe()
    except ConfigurationError as error:
        return error
    faults = [*recipe.width_faults(request.dim)]
    return ConfigurationError(faults) if faults else recipe


def _served(request: Request, recipe: AttentionVariant) -> Attention | ConfigurationError:
    """The layer, after it has served the request, or its refusal."""
    try:
        layer = _layer(request, recipe)
        _run(request, layer)
    except ConfigurationError as error:
        return error
    return layer


def _layer(request: Request, recipe: AttentionVariant) -> Attention:
    torch.manual_seed(request.number)
    position = request.make_position(recipe)
    context = None if request.context is None else request.dim + request.context
    if context == request.dim:
        context = None  # The layer takes a context of its own width without being told.
    layer = recipe.build(request.dim, causal=request.causal, position=position, context_dim=context)
    return layer.to(request.dtype).train(request.train)


def _inputs(request: Request) -> tuple[Tensor, Tensor | None]:
    x = request.numbers(1, request.batch, request.queries, request.dim) * request.scale
    if request.context is None:
        return x, None
    return x, request.numbers(2, request.batch, request.keys, request.dim + request.context) * request.scale


def _cache(request: Request, layer: Attention) -> Cache | None:
    if request.cache == "static":
        return StaticCache(request.batch)
    made: dict[str, Cache] = {
        "growing": GrowingCache(request.batch),
        "ring": RingCache(request.batch, 2),
        "recurrent": RecurrentCache(request.batch),
    }
    return layer.new_cache(request.batch) if request.cache == "own" else made.get(request.cache)


def _run(request: Request, layer: Attention) -> Tensor:
    """The output of the layer, step by step where there is a cache."""
    x, context = _inputs(request)
    positions = request.positions(request.queries, 3)
    of_context = None if context is None else request.positions(request.keys, 5)
    mask, cache = request.mask.mask, _cache(request, layer)
    if not request.steps:
        out: Tensor = layer(x, context, mask=mask, positions=positions, context_positions=of_context, cache=cache)
        if cache is not None:
            again: Tensor = layer(x, mask=mask, positions=positions, cache=cache)
            assert torch.equal(out, again), "a context that was kept gives another output"
        return out
    outs, first = [], 0
    for step in request.steps:
        last = first + step
        at = None if positions is None else positions[:, first:last]
        outs.append(layer(x[:, first:last], mask=at_step(mask, first, last), positions=at, cache=cache))
        first = last
    return torch.cat(outs, dim=1)


def _hold(request: Request, recipe: AttentionVariant, layer: Attention) -> None:
    """A request that is served gives what its definition gives, forward and gradient."""
    x, context = _inputs(request)
    positions = request.positions(request.queries, 3)
    of_context = None if context is None else request.positions(request.keys, 5)
    torch.manual_seed(request.number)
    applied = apply(layer, x, context, mask=request.mask.mask, positions=positions, context_positions=of_context)
    extent = Extent(request.batch, request.num_heads, request.queries, request.keys)
    shape = (extent.batch, extent.heads, extent.queries, extent.keys)
    allowed = lower(request.whole_mask(recipe), extent).expand(shape)
    mixer = layer.mixer
    assert "chosen" in mixer.plan(applied.query, applied.key, applied.value, applied.call).reasons()
    empty = ~allowed.any(-1)
    assert not applied.mixed[empty].any(), "an output without a visible key is not 0"
    assert applied.mixed.isfinite().all(), "the output is not finite"
    if request.train and request.values.get("dropout", 0.0) > 0:
        _hold_dropout(request, layer, applied)
        return
    exact = copy.deepcopy(layer).double()
    bias = None if not isinstance(exact.position, BiasPosition | RelativePosition) else _bias(request, exact.position)
    leaves = [
        one.detach().double().requires_grad_(request.gradients) for one in (applied.query, applied.key, applied.value)
    ]
    query, key, value = leaves[0], share_heads(leaves[0], leaves[1]), share_heads(leaves[0], leaves[2])
    weights = None
    if not (has_steps(mixer) and request.dtype == torch.bfloat16):
        weights = expected_weights(exact.mixer, query, key, allowed, bias)
    if weights is not None:
        _near(request, applied.mixed, weights @ value, "the output")
        _hold_gradient(request, mixer, applied, weights @ value, leaves)
    else:
        _hold_by_laws(request, layer, applied)
    if request.steps or request.cache == "static":
        full = layer(x, context, mask=request.mask.mask, positions=positions, context_positions=of_context)
        _near(request, _run(request, layer), full, "with a cache, the output")


def _leaves(request: Request, applied: Applied, dtype: torch.dtype) -> list[Tensor]:
    """Queries, keys and values that gradients are taken in."""
    given = (applied.query, applied.key, applied.value)
    return [one.detach().to(dtype).requires_grad_(request.gradients) for one in given]


def _bias(request: Request, position: Position) -> Bias:
    """What the position adds, at the positions of the request."""

    def counted(length: int, stream: int) -> Tensor:
        given = request.positions(length, stream)
        return torch.arange(length).unsqueeze(0) if given is None else given

    at = counted(request.queries, 3)
    of = at if request.context is None else counted(request.keys, 5)
    if isinstance(position, RelativePosition):
        return lambda features: position.scores(features, at, of)
    assert isinstance(position, BiasPosition)
    return lambda features: position.bias(at, of)


def _hold_gradient(request: Request, mixer: Mixer, applied: Applied, expected: Tensor, leaves: list[Tensor]) -> None:
    """Gradients in queries, keys and values, where the definition has but one at the point."""
    if not request.gradients or request.dtype == torch.bfloat16 or request.scale == 0:
        return
    if request.values.get("score") == "cosine" and "padding" in request.mask.kinds:
        return  # Padding is 0, where the direction of a vector has no derivative.
    direction = torch.randn(expected.shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    theirs = torch.autograd.grad((expected * direction).sum(), leaves, allow_unused=True)
    ours = [one.detach().requires_grad_() for one in (applied.query, applied.key, applied.value)]
    out = mixer(*ours, applied.call)
    found = torch.autograd.grad((out * direction.to(out.dtype)).sum(), ours, allow_unused=True)
    for name, one, other in zip(("queries", "keys", "values"), found, theirs, strict=True):
        one, other = (torch.zeros(()) if slope is None else slope for slope in (one, other))
        _near(request, one, other, f"the gradient in {name}")


def _hold_by_laws(request: Request, layer: Attention, applied: Applied) -> None:
    """Without a definition: the output is weights times values where there are weights, rows of a batch are apart."""
    mixer = layer.mixer
    if request.capabilities.weights != "none":
        weights = weights_of(mixer, applied.query, applied.key, applied.call)
        value = share_heads(applied.query, applied.value)
        _near(request, applied.mixed, weights.to(value.dtype) @ value, "weights times values")
    ours = [one.detach().requires_grad_(request.gradients) for one in (applied.query, applied.key, applied.value)]
    out = mixer(*ours, applied.call)
    assert torch.equal(out, applied.mixed), "a second run differs"
    if not request.gradients:
        return
    slopes = torch.autograd.grad(out.sum(), ours, allow_unused=True)
    assert all(slope is None or slope.isfinite().all() for slope in slopes), "a gradient is not finite"


def _hold_dropout(request: Request, layer: Attention, applied: Applied) -> None:
    """The seed fixes the bits, and a weight is either dropped or divided by the share that is kept, which may be a
    multiple of 2^-16 near to it."""
    mixer, dropout = layer.mixer, float(request.values["dropout"])

    def run(value: Tensor) -> Tensor:
        torch.manual_seed(request.number)
        out: Tensor = mixer(applied.query, applied.key, value, applied.call)
        return out

    assert torch.equal(run(applied.value), run(applied.value)), "the same seed gives another output"
    if dropout == 1:
        assert not run(applied.value).any(), "all is dropped, yet something is given"
        return
    if not any(isinstance(part, nn.Module) and hasattr(part, "normaliser") for part in _parts(mixer)):
        return
    one_each = torch.eye(request.keys, dtype=request.dtype).expand(request.batch, applied.value.shape[1], -1, -1)
    dropped = run(one_each)
    mixer.eval()
    whole = run(one_each) / (1 - dropout)
    mixer.train()
    dropped, whole = dropped.detach().double(), whole.detach().double()
    kept = torch.where(dropped == 0, dropped, whole)
    factor = float((dropped * kept).sum() / kept.square().sum()) if kept.any() else 1.0
    rounding = 2**-16 / (1 - dropout) + torch.finfo(request.dtype).eps
    assert abs(factor - 1) <= rounding, "kept weights are divided by another share than that which is kept"
    _near(request, kept * factor, dropped, "a weight that was not dropped")


def _parts(mixer: nn.Module) -> list[nn.Module]:
    """The mixer and those around which it is."""
    inner = getattr(mixer, "inner", None)
    return [mixer, *([] if inner is None else _parts(inner))]


def _near(request: Request, actual: Tensor, expected: Tensor, what: str) -> None:
    actual, expected = actual.detach().double(), expected.detach().double()
    assert actual.isfinite().all(), f"{what} is not finite"
    largest = max([1.0, *expected.abs().flatten().tolist()])
    difference = max([0.0, *(actual - expected).abs().flatten().tolist()])
    allowed = _TOLERANCE[request.dtype] * largest
    assert difference <= allowed, f"{what} differs by {difference:.2e} of {largest:.2e}, more than {allowed:.2e}"
