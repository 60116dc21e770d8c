"""`attnframe check`: every pass, nothing run."""

from pathlib import Path

import pytest

from attnframe.cli.main import main


def test_a_right_configuration_is_said_to_be_right(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["check", "plugin=outside", "attention=gqa"]) == 0
    assert capsys.readouterr().out == (
        "Right: plugin=outside task=majority data=triples model=transformer attention=gqa position=sinusoidal\n"
    )
    assert main(["check", "-m", "plugin=outside", "attention=gqa,mha", "seed=0,1"]) == 0
    assert capsys.readouterr().out.startswith("Right: 4 configurations, the first plugin=outside")
    assert list(tmp_path.iterdir()) == []


def test_a_data_path_that_does_not_exist_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["check", "plugin=outside", "data.path=no, where"]) == 2
    assert f"data.path must exist. Got '{tmp_path}/no, where'." in capsys.readouterr().err


def test_what_only_the_meta_device_shows_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "plugin=outside", "model.classes=2", "position=learned"]) == 0
    assert main(["check", "task=next_symbol", "model.horizon=9"]) == 2
    assert "model.horizon (NextModel) must be below data.length=9" in capsys.readouterr().err
