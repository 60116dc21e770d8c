"""README's example of the engine runs, and its list names what is registered."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from attnframe import bridges, masks, models
from attnframe.recipe import describe, hints
from attnframe.recipes.attention.scored import ScoredVariant
from attnframe.recipes.registry import attention_variants, position_schemes

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LISTED = {
    kind: names.split() for kind, names in re.findall(r"^\| `?([\w.=]+)`? \| ([\w ]+) \|$", README, flags=re.MULTILINE)
}


def test_the_example_of_the_engine_runs(
    run_section: Callable[[Path, str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    run_section(ROOT / "README.md", "The engine alone")


def test_the_list_is_the_registry() -> None:
    assert LISTED["attention="] == [*attention_variants()]
    assert LISTED["position="] == [*position_schemes()]
    for field in ("score", "normaliser"):
        assert f"one of {', '.join(LISTED[f'attention.{field}='])}" == describe(hints(ScoredVariant)[field])
    assert [name for name in LISTED["attnframe.masks"] if not hasattr(masks, name)] == []
    assert [name for name in LISTED["bridges"] if not (hasattr(bridges, name) or hasattr(models, name))] == []


def test_links_lead_somewhere() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    for page in pages:
        links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        assert [link for link in links if not (page.parent / link).exists()] == [], page.name
