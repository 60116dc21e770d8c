"""What the command line shows: errors on one screen, notices, tables. Torch-free."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence

from attnframe.errors import Fault

WIDTH = 120
LINES = 40


def error_screen(command: str, faults: Sequence[Fault]) -> list[str]:
    """Faults as at most `LINES` lines of at most `WIDTH` columns."""
    head = f"attnframe {command}: {len(faults)} thing{'s' * (len(faults) != 1)} to mend"
    paragraphs = [wrapped(f"- {fault}") for fault in faults]
    room = LINES - 1
    if sum(map(len, paragraphs)) > room:
        most = max(3, room // len(paragraphs))
        paragraphs = [[*lines[: most - 1], "  …"] if len(lines) > most else lines for lines in paragraphs]
    shown: list[str] = []
    for number, lines in enumerate(paragraphs):
        rest = len(paragraphs) - number
        if len(shown) + len(lines) > room - (rest > 1):
            shown.append(f"  … and {rest} more")
            break
        shown += lines
    return [head, *shown]


def show_faults(command: str, faults: Sequence[Fault]) -> None:
    """Print an error screen to standard error."""
    print("\n".join(error_screen(command, faults)), file=sys.stderr)


def show_error(command: str, text: str) -> None:
    """Print one message to standard error, wrapped, at most a screen of it."""
    lines = wrapped(f"attnframe {command}: {text}")
    print("\n".join(lines if len(lines) <= LINES else [*lines[: LINES - 1], "  …"]), file=sys.stderr)


def show_notices(notices: Iterable[str]) -> None:
    """Print notices and warnings to standard error, one paragraph each."""
    for notice in notices:
        print("\n".join(wrapped(f"attnframe: {notice}")), file=sys.stderr)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns with a header, at most `WIDTH` wide or as the terminal is: the last column is wrapped."""
    cells = [list(header), *map(list, rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    before = sum(width + 2 for width in widths[:-1])
    room = max(20, min(WIDTH, shutil.get_terminal_size((WIDTH, LINES)).columns) - before)
    lines: list[str] = []
    for row in cells:
        start = "".join(cell.ljust(width + 2) for cell, width in zip(row[:-1], widths[:-1], strict=True))
        last = textwrap.wrap(row[-1], room) or [""]
        lines += [(start + last[0]).rstrip(), *(" " * before + line for line in last[1:])]
    lines.insert(1, "  ".join("-" * min(width, room) for width in widths))
    return "\n".join(lines)


def wrapped(text: str) -> list[str]:
    """A text as lines of at most `WIDTH` columns."""
    flat = text.replace("\r", " ").replace("\n", " ")
    return textwrap.wrap(flat, WIDTH, subsequent_indent="  ", drop_whitespace=True, replace_whitespace=False) or [""]
