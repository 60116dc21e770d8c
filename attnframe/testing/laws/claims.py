"""Laws of claims: what a variant declares it does, and what it does not declare it refuses with advice."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from attnframe.attention.cache import GrowingCache, LatentCache, RecurrentCache, RingCache
from attnframe.interpretation import capture
from attnframe.masks import Full
from attnframe.positions import Alibi, Position, Rotary, Shaw
from attnframe.recipe import defaults
from attnframe.testing.laws.law import LENGTH, Law, Subject, every_mask, example_edges, refused

CACHES = {"growing": GrowingCache, "ring": RingCache, "latent": LatentCache, "recurrent": RecurrentCache}


def _hold(what: str, claimed: bool, run: Callable[[], object]) -> None:
    """A claimed call is served; another raises UnsupportedError that names what works."""
    refusal = refused(run)
    if refusal is None:
        assert claimed, f"{what} is not claimed, yet served: declare it, or raise UnsupportedError"
    else:
        assert not claimed, f"{what} is claimed, yet refused: {refusal}"
        assert all(fault.works for fault in refusal.faults), (
            f"the refusal of {what} names nothing that works: {refusal}"
        )


def modes_are_as_declared(subject: Subject) -> None:
    """Causal, non-causal, cross and edge attention."""
    claims, x = subject.capabilities, subject.x()
    _hold("causal attention", claims.causal, lambda: subject.layer(causal=True)(x))
    _hold("non-causal attention", claims.noncausal, lambda: subject.layer()(x))
    _hold("cross attention", claims.cross, lambda: subject.cross_layer()(x, subject.context()))
    edges = example_edges(LENGTH, LENGTH)
    _hold("attention over edges", claims.edges, lambda: subject.layer(causal=not claims.noncausal)(x, mask=edges))


def masks_are_as_declared(subject: Subject) -> None:
    """Every kind of mask, in every claimed mode."""
    for causal in subject.modes():
        layer = subject.layer(causal=causal)
        for kind, name, mask in every_mask(LENGTH):
            claimed = kind in subject.capabilities.masks
            _hold(f"{name} (causal={causal})", claimed, partial(layer, subject.x(), mask=mask))


def positions_are_as_declared(subject: Subject) -> None:
    """A bias, one that reads queries, and a rotary position."""

    def run(position: Position) -> None:
        subject.layer(causal=subject.modes()[0], position=position)(subject.x())

    width = subject.recipe.rotary_width(subject.dim)
    _hold("a position bias", subject.capabilities.bias, lambda: run(Alibi(subject.recipe.num_heads)))
    relative = subject.capabilities.bias and subject.capabilities.relative
    _hold("a position that reads queries", relative, lambda: run(Shaw(width)))
    _hold("a rotary position", subject.capabilities.rotary, lambda: run(Rotary(width)))


def weights_are_as_declared(subject: Subject) -> None:
    """Capture shows weights, or says that there are none."""
    layer = subject.layer(causal=subject.modes()[0])

    def run() -> None:
        with capture(layer):
            layer(subject.x())

    _hold("capture of weights", subject.capabilities.weights != "none", run)


def cache_is_as_declared(subject: Subject) -> None:
    """The kind of cache, or a refusal; and none for attention that is not causal."""
    claims = subject.capabilities
    if claims.causal:
        layer = subject.layer(causal=True)
        _hold("decoding with a cache", claims.cache != "none", lambda: layer.new_cache(1))
        if claims.cache in CACHES:
            cache = layer.new_cache(1)
            assert isinstance(cache, CACHES[claims.cache]), f"declared {claims.cache}, made {type(cache).__name__}"
    if claims.noncausal:
        _hold("a cache without causality", False, lambda: subject.layer().new_cache(1))


def dropout_is_as_declared(subject: Subject) -> None:
    """A variant has a `dropout` field exactly when it declares dropout."""
    has = "dropout" in defaults(type(subject.recipe))
    assert has == subject.capabilities.dropout, f"declared {subject.capabilities.dropout}, has the field: {has}"


def own_mask_is_kept(subject: Subject) -> None:
    """A variant that declares time below n * m hides keys itself, or shares sums; never both full and exact."""
    claims = subject.capabilities
    if claims.cost == "n*w":
        masks = [subject.recipe.own_mask(causal) for causal in subject.modes()]
        assert not any(isinstance(mask, Full) for mask in masks), "a cost of n*w needs a mask of its own"


LAWS = (
    Law("modes are as declared", modes_are_as_declared),
    Law("masks are as declared", masks_are_as_declared),
    Law("positions are as declared", positions_are_as_declared),
    Law("weights are as declared", weights_are_as_declared),
    Law("the cache is as declared", cache_is_as_declared),
    Law("dropout is as declared", dropout_is_as_declared),
    Law("the variant's own mask is declared", own_mask_is_kept, lambda c: c.cost == "n*w"),
)
