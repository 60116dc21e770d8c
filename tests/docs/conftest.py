"""Running the fenced blocks of a page in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
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


def cut(code: str) -> str:
    """Code of which two steps stand for a training's budget, and two seeds for several."""
    return re.sub(r"seed=0,1,2", "seed=0,1", re.sub(r"trainer\.max_(?:steps|epochs)=\d+", "trainer.max_steps=2", code))


@pytest.fixture
def run_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Path], None]:
    """Runs all python blocks of a page in one namespace, in an empty folder; two steps stand for a budget."""
    monkeypatch.chdir(tmp_path)

    def run(path: Path) -> None:
        run_blocks(path, [block for block in blocks(path) if block.kind == "python"])

    return run


def run_blocks(path: Path, chosen: Iterable[Block]) -> None:
    """Execute blocks of a page in one namespace; what one prints must be what the page says."""
    namespace: dict[str, Any] = {"__name__": path.stem}
    for block in chosen:
        printed = StringIO()
        with redirect_stdout(printed):
            # Empty lines in front, so that an error names the line of the page.
            code = "\n" * (block.line - 1) + cut(block.text)
            exec(compile(code, str(path), "exec"), namespace)
        if block.printed is not None:
            assert printed.getvalue() == block.printed, f"{path.name}, line {block.line}"


@pytest.fixture
def run_section(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, str], None]:
    """Runs the python blocks before the first section of a page, then those of one section, in one namespace, at the
    root of the repository.
    """
    monkeypatch.chdir(ROOT)

    def run(path: Path, section: str) -> None:
        run_blocks(path, [one for one in blocks(path) if one.kind == "python" and one.section in ("", section)])

    return run
