"""Files speak of the project only, and are written out in full."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def tracked(*patterns: str) -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_no_unfinished_marks() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error")
    found = [
        f"{path.relative_to(ROOT)}: {mark}"
        for path in tracked("*.py", "*.yaml", "*.toml")
        for mark in marks
        if mark in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_every_module_says_what_it_is() -> None:
    empty = [
        str(path.relative_to(ROOT))
        for path in tracked("attnframe/*.py", "plugins/*.py", "hydra_plugins/*.py")
        if not path.read_text(encoding="utf-8").lstrip().startswith('"""')
    ]
    assert empty == []
