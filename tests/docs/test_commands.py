"""The commands that pages show are right: those that only look run, and trainings are checked without running them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from attnframe.cli.main import main

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").glob("*.md"))
SHOWN = [
    (page.name, line)
    for page in PAGES
    for block in re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
CHECKED_INSTEAD = {"train": "check"}
LOOKING = {"check", "list"}


def test_there_are_commands_to_check() -> None:
    assert len(SHOWN) > 3


@pytest.mark.parametrize(("page", "line"), SHOWN)
def test_a_command_of_the_pages_is_right(
    page: str, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    program, command, *arguments = shlex.split(line, comments=True)
    assert program == "attnframe"
    command = CHECKED_INSTEAD.get(command, command)
    assert command in LOOKING, "a page shows what is neither looked at nor checked"
    assert main([command, *arguments]) == 0, capsys.readouterr().err
