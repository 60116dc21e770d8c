"""The example of a variant of one's own is short, and passes everything that a built-in variant does."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from attnframe.cli.main import main
from attnframe.testing import parametrize_attention

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs" / "examples" / "softpick.py"


@parametrize_attention(str(FILE))
def test_the_example_keeps_every_law(check: Callable[[], None]) -> None:
    check()


def test_the_example_composes_into_a_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["check", "plugin=nlp", f"attention={FILE.relative_to(ROOT)}"]) == 0
    assert "attention=softpick" in capsys.readouterr().out


def test_a_variant_takes_about_thirty_lines_of_code() -> None:
    text = FILE.read_text(encoding="utf-8")
    told = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            told |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    code = [line for number, line in enumerate(text.splitlines(), 1) if line.strip() and number not in told]
    assert len(code) <= 33
    assert f"{len(code)} lines of code" in (ROOT / "docs" / "engine.md").read_text(encoding="utf-8")
