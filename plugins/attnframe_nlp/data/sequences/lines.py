"""Lines of a user's files, and what is wrong with them, told once for all lines that share a fault."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from attnframe.errors import DataError, Fault
from attnframe.plugin.splitting import TEST, TRAIN, VAL
from attnframe_nlp.data.text import TextOfFile

PART_NAMES: Final = {"train": TRAIN, "val": VAL, "valid": VAL, "validation": VAL, "dev": VAL, "test": TEST}
"""What a part may be called."""
SHOWN: Final = 5
"""Lines that an error names; the rest are counted."""


def content_of(path: Path, faults: list[Fault]) -> str:
    """The text of a UTF-8 file; empty, with a fault added, when it cannot be read."""
    try:
        return "".join(TextOfFile(path).pieces())
    except DataError as error:
        faults += error.faults
        return ""


def line_fault(path: Path, must: str, lines: Iterable[tuple[int, str]], works: str = "") -> list[Fault]:
    """One fault for all lines that break the same rule; none when no line does.

    Args:
        path: the file. must: the rule. lines: number (from 1) of each line and what stands there, which may be empty.
        works: what would work.
    """
    found = list(lines)
    if not found:
        return []
    shown = ", ".join(f"line {number}" + (f" ({text[:40]})" if text else "") for number, text in found[:SHOWN])
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return [Fault(str(path), must, shown + more, works)]


def part_files(path: Path, endings: tuple[str, ...], example: str) -> list[tuple[Path, int | None]]:
    """The files of a path: itself, its part open (None), or in a folder the files named after parts, by part.

    Args:
        path: what the user gave as data.path.
        endings: endings of files that count in a folder, with their dot.
        example: the form that is expected, for the error.

    Raises:
        DataError: when nothing is there, a file of the folder is named after no part, or a part has two files.
    """
    works = f"Expected: {example}."
    if not path.exists():
        raise DataError(Fault("data.path", "must be a file or folder that exists", str(path), works))
    if not path.is_dir():
        return [(path, None)]
    files = sorted(each for each in path.iterdir() if each.suffix.lower() in endings and each.is_file())
    if not files:
        raise DataError(Fault("data.path", f"must hold {' or '.join(endings)} files", f"{path} without any", works))
    must = f"must be named after a part ({', '.join(PART_NAMES)})"
    faults = [Fault(str(each), must, each.stem) for each in files if each.stem not in PART_NAMES]
    found: dict[int, Path] = {}
    for each in files:
        part = PART_NAMES.get(each.stem)
        if part is not None and part in found:
            faults.append(Fault(str(each), "must be the only file of its part", f"{found[part].name} too"))
        elif part is not None:
            found[part] = each
    if TRAIN not in found and not faults:
        faults.append(Fault(str(path), "must hold the training part", ", ".join(each.name for each in files), works))
    if faults:
        raise DataError(faults)
    return [(found[part], part) for part in sorted(found)]
