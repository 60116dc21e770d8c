"""Scores and normalisers as fields of every scored variant."""

from __future__ import annotations

from typing import Any, get_args

import pytest
import torch

from attnframe.attention import normalisers, scores
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.recipe import hints
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.attention.scored import ScoredVariant
from attnframe.recipes.registry import attention_variants

SCORES = {
    "scaled_dot": scores.ScaledDot,
    "dot": scores.Dot,
    "cosine": scores.Cosine,
    "bilinear": scores.Bilinear,
    "additive": scores.Additive,
    "l2": scores.SquaredDistance,
}
NORMALISERS = {
    "softmax": normalisers.Softmax,
    "softmax_plus_one": normalisers.SoftmaxPlusOne,
    "sinks": normalisers.Sinks,
    "sparsemax": normalisers.Sparsemax,
    "entmax": normalisers.Entmax,
    "sigmoid": normalisers.Sigmoid,
    "relu": normalisers.Relu,
    "top_k": normalisers.TopK,
}
SCORED = [one for one in attention_variants().values() if issubclass(one, ScoredVariant)]


def mixer_of(**fields: Any) -> SoftmaxMixer:
    return MultiHeadAttention(**fields).softmax_mixer(16)


def test_every_name_makes_its_score_and_its_normaliser() -> None:
    assert set(get_args(hints(ScoredVariant)["score"])) == set(SCORES)
    assert set(get_args(hints(ScoredVariant)["normaliser"])) == set(NORMALISERS)
    for name, kind in SCORES.items():
        assert type(mixer_of(score=name).score) is kind
    for name, kind in NORMALISERS.items():
        assert type(mixer_of(normaliser=name).normaliser) is kind


def test_parameters_reach_what_they_are_for() -> None:
    capped = mixer_of(score="cosine", soft_cap=30.0).score
    assert isinstance(capped, scores.SoftCap)
    assert (type(capped.inner), capped.cap) == (scores.Cosine, 30.0)
    tempered = mixer_of(normaliser="entmax", alpha=1.25, temperature=0.5).normaliser
    assert isinstance(tempered, normalisers.Tempered)
    assert isinstance(tempered.inner, normalisers.Entmax)
    assert (tempered.inner.alpha, tempered.temperature) == (1.25, 0.5)
    largest = mixer_of(normaliser="top_k", top_k=3).normaliser
    assert isinstance(largest, normalisers.TopK)
    assert largest.k == 3


@pytest.mark.parametrize("variant", SCORED, ids=lambda variant: variant.name)
def test_every_scored_variant_takes_them(variant: type[ScoredVariant]) -> None:
    changed: dict[str, Any] = {"score": "cosine", "normaliser": "entmax"}
    layer = variant.example().replace(**changed).build(16)
    kinds = {type(part) for part in layer.modules()}
    assert {scores.Cosine, normalisers.Entmax} <= kinds
    assert layer(torch.randn(2, 5, 16)).shape == (2, 5, 16)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"alpha": 1.2},
            "attention.alpha (MultiHeadAttention) must be left out with normaliser=softmax. Got 1.2. "
            "Use attention.normaliser=entmax, or leave it out.",
        ),
        (
            {"top_k": 4, "normaliser": "entmax"},
            "attention.top_k (MultiHeadAttention) must be left out with normaliser=entmax. Got 4. "
            "Use attention.normaliser=top_k, or leave it out.",
        ),
        (
            {"temperature": 2.0, "normaliser": "relu"},
            "attention.temperature (MultiHeadAttention) must be 1 with normaliser=relu, whose weights it would all "
            "multiply by one number. Got 2.0. Leave it out.",
        ),
        (
            {"backend": "sdpa", "normaliser": "relu", "score": "additive", "soft_cap": 5.0},
            "attention.backend (MultiHeadAttention) must be able to serve the scores and weights, and sdpa is not: "
            "score=additive is no dot product of mapped queries and keys; soft_cap=5 makes it none; "
            "normaliser=relu is no softmax. Got 'sdpa'. Use attention.backend=auto or attention.backend=eager.",
        ),
    ],
)
def test_fields_that_make_no_sense_together_are_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        MultiHeadAttention(**fields)
    assert str(caught.value) == said


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("normaliser", NORMALISERS)
@pytest.mark.parametrize("soft_cap", [None, 5.0])
def test_the_recipe_refuses_a_backend_exactly_when_it_cannot_serve(
    score: Any, normaliser: Any, soft_cap: float | None
) -> None:
    fields: dict[str, Any] = {"score": score, "normaliser": normaliser, "soft_cap": soft_cap}
    layer = MultiHeadAttention(**fields).build(16)
    assert isinstance(layer.mixer, SoftmaxMixer)
    layer.mixer.backend = "sdpa"
    served = True
    try:
        layer(torch.randn(1, 5, 16))
    except UnsupportedError:
        served = False
    told = True
    try:
        MultiHeadAttention(backend="sdpa", **fields)
    except ConfigurationError:
        told = False
    assert served == told
