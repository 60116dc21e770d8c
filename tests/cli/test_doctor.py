"""`attnframe doctor`: what is installed, and what is wrong with it."""

from importlib import metadata
from pathlib import Path

import pytest

from attnframe.cli import doctor
from attnframe.cli.main import main


def distribution(folder: Path, name: str, entry_points: str = "") -> None:
    info = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(entry_points)


def test_versions_devices_and_plugins(capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor"])
    out = capsys.readouterr().out
    assert f"torch              {metadata.version('torch')}" in out
    assert "cpu " in out
    assert "outside            majority, next_symbol (distribution attnframe-outside)" in out
    assert "Data folder: " in out


def test_what_is_wrong_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    distribution(tmp_path / "site", "hydra-rq-launcher")
    distribution(tmp_path / "site", "lost", "[attnframe.plugins]\nlost = nowhere.plugin:plugin\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert main(["doctor"]) == 1
    wrong = capsys.readouterr().out.split("\nWrong:\n")[1]
    assert "- hydra-rq-launcher is installed: it breaks every program that uses Hydra" in wrong
    assert "- plugin lost (distribution lost) is left out: " in wrong


@pytest.mark.parametrize(
    ("version", "right"), [("2.11.0", True), ("2.12.1+cpu", True), ("2.10.9", False), ("2.13.0", False), (None, False)]
)
def test_versions_out_of_range_are_told(
    version: str | None, right: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = doctor._version
    monkeypatch.setattr(doctor, "_version", lambda name: version if name == "torch" else real(name))
    main(["doctor"])
    told = "torch must be at least 2.11 and below 2.13" in capsys.readouterr().out
    assert told is not right


def test_the_doctor_takes_no_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "plugin=vision"]) == 2
    assert "doctor takes no words. Got plugin=vision." in capsys.readouterr().err
