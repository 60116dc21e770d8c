"""Running the fenced blocks of a page in order."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FENCE = re.compile(
    r"^```(?P<kind>\w+)\n(?P<text>.*?)^```\n(?:\n```text\n(?P<printed>.*?)^```$)?", flags=re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Block:
    """One fenced block: `kind` is what stands after the fence, `printed` the text block that follows it at once."""

    section: str
    kind: str
    text: str
    printed: str | None
    line: int


def blocks(path: Path) -> list[Block]:
    """Every fenced block of a page, with the heading of the second level that it stands under; "" before the first."""
    page = path.read_text(encoding="utf-8")
    found = []
    for fence in FENCE.finditer(page):
        headings = re.findall(r"^## (.*)$", page[: fence.start()], flags=re.MULTILINE)
        line = page[: fence.start("text")].count("\n") + 1
        found.append(Block(headings[-1] if headings else "", fence["kind"], fence["text"], fence["printed"], line))
    return found


@pytest.fixture
def run_section(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, str], None]:
    """Runs the python blocks before the first section of a page, then those of one section, in one namespace, at the
    root of the repository.
    """
    monkeypatch.chdir(ROOT)

    def run(path: Path, section: str) -> None:
        namespace: dict[str, Any] = {"__name__": f"{path.stem}: {section}"}
        for block in blocks(path):
            if block.kind == "python" and block.section in ("", section):
                printed = StringIO()
                with redirect_stdout(printed):
                    # Empty lines in front, so that an error names the line of the page.
                    exec(compile("\n" * (block.line - 1) + block.text, str(path), "exec"), namespace)
                if block.printed is not None:
                    assert printed.getvalue() == block.printed, f"{path.name}, line {block.line}"

    return run
