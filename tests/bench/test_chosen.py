"""What is compared: fields go to the variants that have them, and who cannot take part is told why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from attnframe.bench.chosen import Chosen, label
from attnframe.bench.settings import BenchSettings
from attnframe.errors import ConfigurationError
from attnframe.recipes.attention.linformer import LinformerAttention
from attnframe.recipes.attention.window import WindowAttention
from attnframe.recipes.registry import attention_variants


def chosen(*names: str, dim: int = 32, **settings: Any) -> Chosen:
    return Chosen(BenchSettings(**settings), names, (("num_heads", 4),), dim)


def test_without_names_every_variant_is_compared() -> None:
    assert chosen().names == tuple(attention_variants())


def test_fields_go_to_the_variants_that_have_them() -> None:
    both = Chosen(BenchSettings(lengths=(16,)), ("mha", "window"), (("window", 3),), 32)
    assert both.recipe("window", "16") == WindowAttention(num_heads=8, window=3)
    assert both.recipe("mha", "16").num_heads == 8
    assert both.ignored() == {"window": ["mha"]}
    assert both.refusals() == {}


def test_a_layer_with_a_longest_length_is_made_for_the_length() -> None:
    assert chosen("linformer").recipe("linformer", "96") == LinformerAttention(num_heads=4, max_length=96)


@pytest.mark.parametrize(
    ("names", "settings", "words"),
    [
        (("mha", "linformer"), {}, "attention=linformer has no causal form. Use mode=noncausal."),
        (("mha", "retention"), {"mode": "noncausal"}, "has no non-causal form. Use mode=causal."),
        (("mha", "nystrom"), {"case": "decoding"}, "cannot decode step by step"),
        (("mha", "window"), {"case": "edges"}, "has no meaning on the edges of a graph"),
        (("mha", "differential"), {"dim": 12}, "into an even head width"),
    ],
)
def test_who_cannot_take_part_is_told_why(names: tuple[str, ...], settings: dict[str, Any], words: str) -> None:
    refused = chosen(*names, **settings).refusals()
    assert list(refused) == [names[1]]
    assert words in " ".join(map(str, refused[names[1]]))


def test_nobody_left_is_an_error_with_every_reason() -> None:
    with pytest.raises(ConfigurationError, match=r"linformer has no causal form(.|\n)*nystrom has no causal form"):
        chosen("linformer", "nystrom").refusals()


def test_a_field_of_nobody_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match=r"attention\.wndow is not a field of any of the variants"):
        Chosen(BenchSettings(), ("mha", "window"), (("wndow", 3),)).refusals()


def test_a_file_stands_for_its_variant(variant_file: Callable[..., Path]) -> None:
    path = str(variant_file())
    assert chosen(path).recipe(path, "16").name == "own"
    assert label(path) == "own_variant.py"
