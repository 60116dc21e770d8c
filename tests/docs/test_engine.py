"""Every example of docs/engine.md runs, and prints what the page says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "engine.md"
SECTIONS = [line[3:] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("## ")]


@pytest.mark.parametrize("section", SECTIONS)
def test_the_examples_run_and_print_what_the_page_says(section: str, run_section: Callable[[Path, str], None]) -> None:
    run_section(PAGE, section)
