"""Settings say what is wrong with them, and know the sizes of their case."""

from __future__ import annotations

import pytest

from attnframe.bench.settings import GRAPHS, BenchSettings, graph_size
from attnframe.errors import ConfigurationError
from attnframe.recipe import construct


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"peers": ("tensorflow",)}, "peers must name families of peers"),
        ({"device": "tpu"}, "device must be cpu, cuda"),
        ({"case": "edges", "lengths": (8,)}, "lengths has no meaning with case=edges"),
        ({"case": "edges", "batch": 2}, "batch must be 1 with case=edges"),
        ({"graphs": ("9x9",)}, "graphs has no meaning with case=layer"),
        ({"case": "edges", "graphs": ("9",)}, "graphs must each be NODESxEDGES. Got '9'"),
        ({"case": "edges", "graphs": ("4x9",)}, "at most 8 edges among 4 nodes"),
        ({"case": "decoding", "mode": "noncausal"}, "mode must be causal with case=decoding"),
        ({"seconds": 0.0}, "seconds .* must be a number above 0"),
        ({"lengths": (0,)}, "lengths .* must be a list of an integer at least 1"),
    ],
)
def test_what_is_wrong_is_said(values: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        construct(BenchSettings, values)


def test_sizes_are_those_asked_for_in_order_or_the_defaults_of_the_case() -> None:
    assert BenchSettings(lengths=(64, 16, 64)).sizes == ("16", "64")
    assert BenchSettings(case="decoding").sizes == ("1024", "4096")
    assert BenchSettings(case="edges").sizes == GRAPHS
    assert graph_size("2708x10556") == (2708, 10556)


def test_graphs_have_no_order() -> None:
    assert BenchSettings().causal
    assert not BenchSettings(mode="noncausal").causal
    assert not BenchSettings(case="edges").causal
