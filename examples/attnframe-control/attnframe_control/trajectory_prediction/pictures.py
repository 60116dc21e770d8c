"""Pictures of paths from above."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from attnframe.pictures import Section, page, points
from attnframe_control.trajectory_prediction.inputs import read_walks


def save_paths(records: list[dict[str, Any]], observed: int, folder: Path) -> list[Path]:
    """Draw where everyone was, read again from the file, and walks next, onto the page ``paths.html``.

    Args:
        records: with ``input``, ``x`` and ``y``, of one file. observed: places that were seen. folder: where to.
    """
    source = records[0]["input"].rpartition(", id ")[0]
    seen = [tuple(place) for _, walk in read_walks(source, observed) for place in walk.places.tolist()]
    told = [(record["x"], record["y"]) for record in records]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "paths.html"
    title = f"Paths of {Path(source).name}"
    drawn = points({"seen": seen, "told": told}, "Everyone from above", "x", "y")
    path.write_text(page(title, [Section("Paths", [drawn])]), encoding="utf-8")
    return [path]
