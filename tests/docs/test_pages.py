"""The code of the pages runs, section by section, and prints what they say; a step or two stand for a budget."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
NAMES = ("attention", "looking", "quickstart", "evaluation", "training")


@pytest.mark.parametrize("name", NAMES)
def test_the_code_of_a_page_runs(name: str, run_page: Callable[[Path], None]) -> None:
    run_page(DOCS / f"{name}.md")


def test_every_page_with_code_runs_here_or_by_itself() -> None:
    with_code = {path.stem for path in DOCS.glob("*.md") if "```python\n" in path.read_text(encoding="utf-8")}
    assert with_code - {*NAMES} <= {"engine", "stability", "write-a-plugin", "write-a-variant"}


def test_pictures_that_are_shown_are_drawn_and_no_others() -> None:
    shown = re.findall(r"\]\(pictures/([\w.]+)\)", (DOCS / "attention.md").read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(path.name for path in (DOCS / "pictures").glob("*.svg"))
