"""What the tests under tests/oracles compare with."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from building.markdown import table

ORACLES = Path(__file__).parents[2] / "tests" / "oracles"

HELD_WITH = {
    "additive": "bahdanau",
    "bilinear": "luong",
    "dot": "luong",
    "scaled_dot": "mha",
    "softmax": "mha",
    **dict.fromkeys(("rope_linear", "rope_llama3", "rope_ntk", "rope_yarn"), "rope"),
}
"""Names that have no test of their own, and the one that holds them."""


def held(name: str) -> str:
    """What the oracle's test of that name says that it compares with, or nothing."""
    paths = [ORACLES / f"test_{one}.py" for one in (name, HELD_WITH.get(name, name))]
    path = next((one for one in paths if one.exists()), None)
    if path is None:
        return ""
    against = re.search(r"\bagainst (.*?)\.?$", said(path))
    return f"{against[1] if against else said(path)} ([test](../tests/oracles/{path.name}))"


def oracles() -> str:
    """The table of all oracles' tests."""
    found = [path for path in sorted(ORACLES.glob("test_*.py")) if path.name != "test_coverage.py"]
    return table(
        ["test", "holds"], [[f"[{path.stem[5:]}](../tests/oracles/{path.name})", said(path)] for path in found]
    )


def said(path: Path) -> str:
    """The first paragraph of a module's docstring."""
    return " ".join((ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n\n")[0].split())
