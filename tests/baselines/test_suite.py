"""Suites: what is read of a file, and everything that is wrong with it."""

from pathlib import Path

import pytest

from attnframe.baselines.suite import read_suite, suite_file, suites
from attnframe.errors import ConfigurationError


def test_a_suite_and_its_cells(suite_file: Path) -> None:
    suite, cells = read_suite(suite_file)
    assert (suite.seeds, suite.time, suite.attention) == ((0, 1), "00:00:00:20", ("mha", "linformer"))
    assert [*cells] == ["waves", "triples"]
    assert cells["triples"].attention == ("mha",)
    assert cells["waves"].pattern == "causal self"


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "seeds: [-1]\ncells:\n  one: {patern: edges, seeds: many}\n  two: 3\n  three: {pattern: sideways}\n"
    )
    with pytest.raises(ConfigurationError) as caught:
        read_suite(path)
    text = str(caught.value)
    assert "mine.yaml: seeds must be a list of an integer at least 0. Got (-1,)" in text
    path.write_text("cells:\n  one: {patern: edges, seeds: many}\n  two: 3\n  three: {pattern: sideways}\n")
    with pytest.raises(ConfigurationError) as caught:
        read_suite(path)
    text = str(caught.value)
    assert "mine.yaml: cells.one.patern is not a known key. Did you mean pattern?" in text
    assert "mine.yaml: cells.one.seeds must be a list of" in text
    assert "mine.yaml: cells.two must be a mapping of fields. Got 3." in text
    assert "cells.three.pattern must be one of , noncausal self, causal self" in text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- a\n", "must be a mapping with cells. Got list"),
        ("cells: {a b: {}}\n", "cells.a b must be named by letters, digits, _, . and - alone"),
        ("cells: {}\n", "cells must name at least one cell"),
        ("cells: [\n", "must be a readable YAML file"),
    ],
)
def test_a_file_that_is_no_suite(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=told):
        read_suite(path)


def test_a_name_that_no_suite_has() -> None:
    with pytest.raises(
        ConfigurationError, match=r"suite=smok is no suite\. Did you mean smoke\? Known: .* Or give a file"
    ):
        suite_file("smok")
    with pytest.raises(ConfigurationError, match=r"suite=none\.yaml must be a readable file"):
        suite_file("none.yaml")


@pytest.mark.parametrize("name", sorted(suites()))
def test_every_suite_that_is_shipped_can_be_read(name: str) -> None:
    _, cells = read_suite(suite_file(name))
    assert cells
