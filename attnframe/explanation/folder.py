"""The folder of an explanation: a page, its pictures and its numbers."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from attnframe import __version__
from attnframe.errors import Fault
from attnframe.explanation.explanation import Explanation
from attnframe.explanation.sections import drawings_of, parts_of
from attnframe.pictures import Section, page, remark
from attnframe.plan import RunPlan
from attnframe.plugin.subject import Drawing
from attnframe.runs.atomic import write_text

FORMAT: Final = "attnframe-explanation-1"
PAGE, NUMBERS, PICTURES = "explanation.html", "explanation.json", "pictures"
MOST_BYTES: Final = 3_000_000
"""Size that the page stays below: single heads are left out where it would not."""
_SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)


def default_folder(checkpoint: Path, source: str) -> Path:
    """``explanations/NAME`` in the run folder of a checkpoint, or in the working folder for a checkpoint elsewhere.

    Args:
        checkpoint: the file. source: what is explained; the name says it shortly, and is its own.
    """
    run = checkpoint.parents[1] if checkpoint.parent.name == "checkpoints" else Path()
    stem = Path(source).stem if _exists(source) else source
    short = re.sub(r"\W+", "-", stem).strip("-").lower()[:40]
    return run / "explanations" / f"{short or 'input'}-{hashlib.sha256(source.encode()).hexdigest()[:6]}"


def folder_faults(folder: Path) -> Iterator[Fault]:
    """Why a folder cannot be written: it holds something else, is none, or may not be changed."""
    works = "Choose a folder that is new or empty, or one that attnframe explain wrote."
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not there.is_dir():
        yield Fault(f"output ({folder})", "must be a folder", f"{there} is a file", works)
    elif not os.access(there, os.W_OK):
        yield Fault(f"output ({folder})", "must be a folder that may be written", f"{there} may not", works)
    elif folder.is_dir() and any(folder.iterdir()) and _written(folder) is None:
        yield Fault(f"output ({folder})", "must not hold anything else", "a folder with other files", works)


def write(explanations: Sequence[Explanation], folder: Path, plan: RunPlan, checkpoint: Path) -> None:
    """Write page, pictures and numbers, each atomically; of an explanation that was there before, pictures that are
    not drawn again are removed.

    Args:
        explanations: one or more. folder: checked by `folder_faults`.
        plan: of the checkpoint. checkpoint: the file.
    """
    before = _written(folder) or {}
    drawings = [drawings_of(one) for one in explanations]
    files = dict(_files(drawings))
    for name, content in files.items():
        write_text(folder / PICTURES / name, content)
    about = {
        "checkpoint": str(checkpoint),
        "plugin": plan.plugin.name,
        "task": plan.task.name,
        "model": plan.parts.model.name,
        "attention": plan.parts.attention.name,
        "position": plan.parts.position.name,
        "data": plan.data.name,
        "attnframe": __version__,
    }
    write_text(folder / PAGE, document(explanations, drawings, about))
    numbers = {
        "format": FORMAT,
        **about,
        "explanations": [one.plain() for one in explanations],
        "pictures": sorted(files),
    }
    write_text(folder / NUMBERS, json.dumps(numbers, indent=1, ensure_ascii=False) + "\n")
    for name in before.get("pictures", []):
        if name not in files and Path(name).name == name:
            (folder / PICTURES / name).unlink(missing_ok=True)


def document(explanations: Sequence[Explanation], drawings: Sequence[Sequence[Drawing]], about: dict[str, Any]) -> str:
    """The page, within `MOST_BYTES` as far as leaving out single heads can bring it there.

    Args:
        explanations: one or more. drawings: of each. about: where they come from.
    """
    head = [remark(", ".join(f"{name} {value}" for name, value in about.items()))]
    title = f"{about['task']}: why the model answers so"

    def built(with_heads: int) -> str:
        sections = [
            Section(_heading(one.subject.name), parts_of(one, drawn, heads=number < with_heads))
            for number, (one, drawn) in enumerate(zip(explanations, drawings, strict=True))
        ]
        return page(title, sections, head)

    for with_heads in range(len(explanations), -1, -1):
        whole = built(with_heads)
        if len(whole.encode()) < MOST_BYTES:
            break
    return whole


def _files(drawings: Sequence[Sequence[Drawing]]) -> Iterator[tuple[str, str]]:
    for number, drawn in enumerate(drawings, start=1):
        for drawing in drawn:
            start = f"{number}-{drawing.name}" if len(drawings) > 1 else drawing.name
            if found := _SVG.search(drawing.fragment):
                yield f"{start}.svg", found.group() + "\n"
            else:
                yield f"{start}.html", page(drawing.title, [Section("", [drawing.fragment])])


def _written(folder: Path) -> dict[str, Any] | None:
    """The numbers that an explanation left in a folder; None where there are none."""
    try:
        found = json.loads((folder / NUMBERS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("format") == FORMAT else None


def _heading(name: str) -> str:
    """The name of an input; of a file, or a line or case of one, without its folders."""
    files = (name, name.rpartition(":")[0], name.rpartition(" case ")[0])
    return Path(name).name if any(file and _exists(file) for file in files) else name


def _exists(source: str) -> bool:
    try:
        return Path(source).exists()
    except OSError:  # A long text is no name of a file.
        return False
