"""Every training that README.md shows is composed and checked; the laws run the other commands on runs of their own."""

import itertools
import re
import shlex
from pathlib import Path

import pytest

import attnframe

PAGE = Path(__file__).parents[1] / "README.md"
SHOWN = re.findall(r"^attnframe train [^\n]*", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)


def points(command):
    """The overrides of each run of a command; a sweep has several."""
    words = [word for word in shlex.split(command, comments=True)[2:] if word != "-m"]
    lists = [[f"{key}={value}" for value in values.split(",")] for key, values in (word.split("=") for word in words)]
    return itertools.product(*lists)


@pytest.mark.parametrize("command", SHOWN)
def test_a_training_of_the_page(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "table.csv").touch()
    for overrides in points(command):
        assert attnframe.compose([*overrides])["plugin"] == "control"


def test_the_page_shows_every_task():
    shown = {word for command in SHOWN for word in command.split() if word.startswith("task=")}
    assert {f"task={name}" for name in ("trajectory_prediction", "path_planning", "motor_control")} <= shown
