"""The public surface is the one of docs/public-api.md: a change of it is seen, and meant."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import attnframe

ROOT = Path(__file__).parents[2]


def test_the_surface_is_what_the_page_lists() -> None:
    words = [sys.executable, "docs/public_api.py", "--check"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_public_name_is_there_and_says_what_it_is() -> None:
    for name in attnframe.PUBLIC_MODULES:
        module = importlib.import_module(name)
        assert module.__doc__
        assert [public for public in getattr(module, "__all__", []) if not hasattr(module, public)] == []


def test_generated_packages_use_the_public_surface_alone() -> None:
    templates = ROOT / "attnframe" / "scaffold" / "templates"
    used = set()
    for file in templates.rglob("*.py"):
        for line in file.read_text(encoding="utf-8").splitlines():
            words = line.split()
            if words[:1] == ["from"] and words[1].startswith("attnframe") and "your_" not in words[1]:
                used.add(words[1])
    assert len(used) > 10
    assert used <= {*attnframe.PUBLIC_MODULES}
