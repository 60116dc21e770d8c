"""The planner: what it chooses, what it says, and what it refuses."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
import torch

from attnframe import Attention
from attnframe.attention import plan as module
from attnframe.attention.mixers import LinearMixer, SoftmaxMixer, UniformMixer, WindowMixer
from attnframe.attention.mixers.softmax import _planned
from attnframe.attention.normalisers import Sparsemax
from attnframe.attention.scores import Additive
from attnframe.errors import UnsupportedError
from attnframe.masks import Causal, Dense, Edges, Full, Padding, Prefix, Window

Make = Callable[..., Any]
EDGES = Edges(torch.tensor([[0, 1], [1, 2]]), 6)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    module.log_once.cache_clear()
    _planned.cache_clear()


@pytest.mark.parametrize(
    ("length", "mask", "chosen"),
    [
        (6, Full(), "sdpa"),
        (6, Causal(), "sdpa"),
        (6, Causal() | Prefix(2), "sdpa"),
        (6, EDGES, "edges"),
        (6, EDGES & Padding(torch.ones(2, 6, dtype=torch.bool)), "edges"),
        (6, ~EDGES, "sdpa"),
        (6, Window(1, 1), "sdpa"),
        (2000, Window(8, 8), "blocks"),
        (2000, Causal() & Window(8, None), "blocks"),
        (2000, Window(8, None), "sdpa"),
    ],
)
def test_auto_chooses_by_mask_and_length(make: Make, length: int, mask: Any, chosen: str) -> None:
    query, key, value, call = make(length, mask=mask)
    assert SoftmaxMixer().plan(query, key, value, call).chosen == chosen


def test_the_table_shows_every_backend_its_verdict_memory_and_reasons(make: Make) -> None:
    mixer = SoftmaxMixer(normaliser=Sparsemax())
    lines = mixer.plan(*make(6, mask=Window(1, 1))).reasons().splitlines()
    assert lines[0].split() == ["backend", "verdict", "memory", "reasons"]
    assert [line.split()[:2] for line in lines[1:]] == [
        ["edges", "rejected"],
        ["flash", "rejected"],
        ["flex", "rejected"],
        ["blocks", "rejected"],
        ["tiles", "possible"],
        ["sdpa", "rejected"],
        ["eager", "chosen"],
    ]
    assert "the mask is no conjunction with an Edges term" in lines[1]
    assert "its tiles hold all pairs of a query and a key" in lines[5]
    assert "its normaliser is softmax, not Sparsemax" in lines[6]
    assert lines[7].endswith("KiB")


def test_the_table_reads_like_this() -> None:
    layer, x = Attention(64, 8, causal=True), torch.zeros(1, 2048, 64)
    with torch.no_grad():
        table = layer.plan(x, mask=Window(63, None)).reasons()
    rows = [re.split(" {2,}", line) for line in table.splitlines()]
    assert all(re.fullmatch(r"-|\d+ [KM]iB", row[2]) for row in rows[1:])
    assert [row[:2] + row[3:] for row in rows] == [
        ["backend", "verdict", "reasons"],
        ["edges", "rejected", "the mask is no conjunction with an Edges term"],
        ["flash", "rejected", "it runs on cuda, not on cpu"],
        ["flex", "possible", "on cpu it is no fused kernel, and makes every score"],
        ["blocks", "chosen"],
        ["tiles", "possible", "blocks is preferred"],
        ["sdpa", "possible", "blocks is preferred"],
        ["eager", "possible", "blocks is preferred"],
    ]


def test_what_could_serve_but_is_passed_over_says_why(make: Make) -> None:
    table = SoftmaxMixer().plan(*make(6, mask=Window(1, 1))).reasons()
    assert "6 keys are fewer than 1.25 spans of 66" in table
    assert "sdpa is preferred" in table
    named = SoftmaxMixer(backend="eager").plan(*make(6)).reasons()
    assert "attention.backend=eager was asked for" in named


def test_a_backend_that_would_take_much_memory_is_passed_over(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AMPLE_BYTES", 2**10)
    plan = SoftmaxMixer().plan(*make(100, mask=~Causal()))
    assert "takes more than 1 KiB" in plan.reasons()


def test_a_named_backend_raises_with_every_reason_and_what_works(make: Make) -> None:
    mixer = SoftmaxMixer(score=Additive(4, 4).double(), normaliser=Sparsemax(), backend="sdpa")
    with pytest.raises(UnsupportedError) as caught:
        mixer(*make(6))
    said = str(caught.value)
    assert said.startswith("attention.backend must be able to serve the call, and sdpa is not:")
    assert "the Additive score is no dot product of mapped queries and keys" in said
    assert "its normaliser is softmax, not Sparsemax" in said
    assert said.endswith("Got sdpa. Use attention.backend=auto or attention.backend=eager.")


@pytest.mark.parametrize(
    ("backend", "said"),
    [
        ("edges", "the mask is no conjunction with an Edges term"),
        ("blocks", "the mask is no conjunction that bounds the view on both sides"),
    ],
)
def test_backends_for_special_masks_refuse_others(make: Make, backend: Any, said: str) -> None:
    with pytest.raises(UnsupportedError, match=said):
        SoftmaxMixer(backend=backend)(*make(6, mask=Causal()))


def test_blocks_refuse_two_sequences_and_graphs(make: Make) -> None:
    with pytest.raises(UnsupportedError, match="not the same stretch of one sequence"):
        SoftmaxMixer(backend="blocks")(*make(3, 6, mask=Window(1, 1)))
    with pytest.raises(UnsupportedError, match="the mask has an Edges term"):
        SoftmaxMixer(backend="blocks")(*make(6, mask=Window(1, 1) & EDGES))


def test_falling_back_is_logged_once(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    mixer = SoftmaxMixer(normaliser=Sparsemax())
    with caplog.at_level(logging.WARNING, logger="attnframe.attention"):
        for length in (6, 6, 7):
            mixer(*make(length))
    assert [record.getMessage() for record in caplog.records] == [
        "attention.backend=auto fell back to eager, which takes no fused kernel: "
        "its normaliser is softmax, not Sparsemax."
    ]


def test_neither_a_preferred_nor_a_named_backend_is_a_fall_back(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    SoftmaxMixer()(*make(6, mask=EDGES))
    SoftmaxMixer(backend="eager")(*make(6))
    SoftmaxMixer()(*make(2000, mask=Window(1, 1)))
    assert not caplog.records


@pytest.mark.parametrize("mixer", [LinearMixer(), UniformMixer()], ids=lambda mixer: type(mixer).__name__)
def test_mixers_with_shared_sums_say_when_they_turn_quadratic_and_why(
    make: Make, caplog: pytest.LogCaptureFixture, mixer: Any
) -> None:
    mask = Dense(torch.ones(6, 6, dtype=torch.bool)) & Window(1, 1)
    given = make(6, mask=mask)
    plan = mixer.plan(*given)
    assert plan.chosen == "eager"
    said = "a Dense mask gives each query keys of its own; a Window mask gives each query keys of its own"
    assert said in plan.reasons()
    for _ in range(2):
        mixer(*given)
    assert [record.getMessage() for record in caplog.records] == [
        f"{type(mixer).__name__} takes time quadratic in the length, because {said}."
    ]


@pytest.mark.parametrize("mixer", [LinearMixer(), UniformMixer()], ids=lambda mixer: type(mixer).__name__)
def test_mixers_with_shared_sums_plan_by_mask(make: Make, mixer: Any) -> None:
    for mask, chosen in (
        (Full(), "shared sums"),
        (Causal() & Padding(torch.ones(2, 6, dtype=torch.bool)), "shared sums"),
        (EDGES, "edges"),
        (Prefix(2), "eager"),
    ):
        assert mixer.plan(*make(6, mask=mask)).chosen == chosen
    assert mixer.plan(*make(3, 6, mask=Causal())).chosen == "eager"


def test_a_wrapped_mixer_plans_for_the_mask_that_it_makes(make: Make) -> None:
    assert WindowMixer(SoftmaxMixer(), 2, 2).plan(*make(2000)).chosen == "blocks"


def test_a_plan_is_made_once_for_calls_of_one_kind() -> None:
    layer = Attention(8, 2)
    for _ in range(3):
        layer(torch.randn(2, 6, 8), mask=Prefix(2))
    assert _planned.cache_info().misses == 1
