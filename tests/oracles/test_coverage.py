"""Every attention variant that comes with attnframe has an oracle, and every oracle says what it is held against."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from attnframe.recipes.registry import attention_variants

HERE = Path(__file__).parent
OWN = [name for name, one in attention_variants().items() if one.__module__.startswith("attnframe.recipes.")]
ORACLES = [path for path in sorted(HERE.glob("test_*.py")) if path != Path(__file__)]


@pytest.mark.parametrize("name", OWN)
def test_every_variant_has_an_oracle(name: str) -> None:
    assert (HERE / f"test_{name}.py").is_file(), f"hold attention={name} against a public oracle in test_{name}.py"


@pytest.mark.parametrize("path", ORACLES, ids=lambda path: path.stem)
def test_every_oracle_says_what_it_is_held_against(path: Path) -> None:
    first = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n\n")[0]
    assert " against " in f" {first} ", f"{path.name} begins with: {first!r}"


def test_thirty_oracles_at_least() -> None:
    assert len(ORACLES) >= 30
