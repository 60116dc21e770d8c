"""docs/variants.md is what the code says, and names everything that is registered."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from attnframe import masks
from attnframe.recipe import describe, hints
from attnframe.recipes.attention.scored import ScoredVariant
from attnframe.recipes.registry import attention_variants, position_schemes

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "variants.md").read_text(encoding="utf-8")


def test_the_pages_are_what_the_code_says() -> None:
    done = subprocess.run([sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", [*attention_variants()])
def test_a_variant_has_its_source_formula_oracle_and_cost(name: str) -> None:
    section = re.split(r"^##", PAGE.partition(f"\n### {name}\n")[2], flags=re.MULTILINE)[0]
    assert "https://" in section or "No paper" in section
    assert "```text\n" in section
    assert f"Grows with `{attention_variants()[name].capabilities.cost}`." in section
    assert "Held against " in section


def test_positions_scores_normalisers_and_masks_have_a_row() -> None:
    options = [describe(hints(ScoredVariant)[field]).removeprefix("one of ") for field in ("score", "normaliser")]
    names = [*position_schemes(), *", ".join(options).split(", "), "Causal", "Padding", "Edges", "And"]
    assert [name for name in names if f"\n| `{name}` | " not in PAGE] == []
    assert {"Causal", "Padding", "Edges", "And"} <= {*masks.__all__}
