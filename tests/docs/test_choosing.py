"""What docs/choosing.md advises exists, and its numbers are those of the records."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from attnframe.recipe import construct
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.registry import attention_variants, position_schemes

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "choosing.md").read_text(encoding="utf-8")
TABLE = re.search(r"^\| need .*?(?=\n\n)", PAGE, flags=re.MULTILINE | re.DOTALL)
ADVICE = sorted(set(re.findall(r"`([\w.]+=[\w.]+)`", TABLE[0] if TABLE else "")) - {"debug=gradients"})


def test_the_table_gives_advice() -> None:
    assert len(ADVICE) > 20


@pytest.mark.parametrize("advice", ADVICE)
def test_advice_names_what_exists(advice: str) -> None:
    key, _, value = advice.partition("=")
    if key == "attention":
        assert value in attention_variants()
    elif key == "position":
        assert value in position_schemes()
    else:
        field = key.removeprefix("attention.")
        assert construct(MultiHeadAttention, {field: float(value) if value.isdigit() else value})


def test_every_variant_is_advised_for_something() -> None:
    named = {word.partition("=")[2] for word in re.findall(r"attention=\w+", PAGE)}
    assert [name for name in attention_variants() if name not in named] == []


def test_numbers_stand_in_written_tables_only() -> None:
    """Of measured ones; what is written by hand is names and settings."""
    by_hand = re.sub(r"<!-- table.*?<!-- end -->|`[^`]*`|```.*?```", "", PAGE, flags=re.DOTALL)
    assert re.findall(r"\d+(?:\.\d+)?\s*(?:%|x\b|s\b|ms\b|times)", by_hand) == []


def test_the_tables_of_records_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/tables.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "docs/choosing.md" not in done.stderr
