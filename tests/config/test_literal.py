"""Literal values come out of Hydra's grammar and OmegaConf's interpolation as they went in."""

from pathlib import Path

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from hypothesis import given, settings
from hypothesis import strategies as st
from omegaconf import OmegaConf

from attnframe.config.literal import literal, user_path

HARD = [
    "simple",
    "with space",
    "Ünïcode/日本語/😀",
    "a,b,c",
    "k=v=w",
    "~",
    "~user",
    "back~up",
    "'single'",
    '"double"',
    "it's",
    "[1,2]",
    "{a: 1}",
    "(x)",
    "a\\b",
    "ends\\",
    "ends\\\\",
    "\\'",
    "${oc.env:HOME}",
    "\\${x}",
    "\\\\${x}",
    "$x",
    "a:b",
    "#no comment",
    "null",
    "true",
    "3",
    "1e3",
    "glob(*)",
    "range(1,3)",
    " leading and trailing ",
    "two\nlines",
    "???",
    "%s @ ! ; & | < >",
]


def through_hydra(value: str) -> object:
    override = OverridesParser.create().parse_override(f"key={literal(value)}")
    assert not override.is_sweep_override()
    config = OmegaConf.create({"key": None})
    OmegaConf.update(config, "key", override.value())
    return OmegaConf.to_container(config, resolve=True)["key"]


@pytest.mark.parametrize("value", HARD)
def test_hard_values_come_out_as_they_went_in(value: str) -> None:
    assert through_hydra(value) == value


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab \\'\"${}[]()=,~:.#é?"), min_size=1, max_size=12))
def test_any_text_comes_out_as_it_went_in(value: str) -> None:
    assert through_hydra(value) == value


def test_the_empty_value_is_null() -> None:
    assert through_hydra("") is None


def test_a_leading_tilde_is_the_home_unless_such_a_file_exists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert user_path("~/data") == tmp_path / "home" / "data"
    (tmp_path / "~").mkdir()
    (tmp_path / "~" / "data").touch()
    assert user_path("~/data") == tmp_path / "~" / "data"
    assert user_path("a~/b") == tmp_path / "a~" / "b"
