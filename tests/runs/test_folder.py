from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from attnframe.errors import ConfigurationError
from attnframe.runs.folder import RunFolder

VALUES = {"plugin": "vision", "task": "image_classification", "data": {"path": "Bücher, a=b"}}


def test_what_begins_a_run_can_be_read_back(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "runs" / "one")
    folder.begin(VALUES, ["plugin=vision", "data.path=Bücher, a=b"])
    assert folder.read_config() == (VALUES, ("plugin=vision", "data.path=Bücher, a=b"))
    assert folder.read_result() is None
    folder.write_result({"status": "ok"})
    assert folder.read_result() == {"status": "ok"}


def test_a_configuration_that_is_there_stays(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.config.write_text(yaml.safe_dump({**VALUES, "seed": 7}))
    folder.begin(VALUES, [])
    assert folder.read_config()[0]["seed"] == 7


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "Got no folder. Runs lie in runs/"),
        ({}, "Got a folder without config.yaml"),
        ({"config.yaml": "a: [1"}, "must hold a readable config.yaml"),
        ({"config.yaml": "seed: 1"}, r"must hold the config.yaml of a run. Got keys \['seed'\]"),
        ({"config.yaml": "- 1"}, "must hold the config.yaml of a run"),
    ],
)
def test_a_folder_that_is_no_run_is_refused(tmp_path: Path, content: dict[str, str] | None, expected: str) -> None:
    path = tmp_path / "run"
    if content is not None:
        path.mkdir()
        for name, text in content.items():
            (path / name).write_text(text)
    with pytest.raises(ConfigurationError, match=expected):
        RunFolder(path).read_config()


def test_a_run_that_never_began_leaves_nothing(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.begin(VALUES, [])
    folder.withdraw()
    assert not folder.path.exists()


def test_withdrawing_spares_what_is_not_the_run_s(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    folder = RunFolder(tmp_path)
    folder.begin(VALUES, [])
    folder.withdraw()
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.tex"]


def test_withdrawing_spares_a_run_that_trained(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.begin(VALUES, [])
    folder.last.write_bytes(b"weights")
    folder.withdraw()
    assert folder.config.exists()
