"""Pictures of maps."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from attnframe.pictures import Section, gallery, image, page
from attnframe_control.path_planning.text import read_maps

WALL, FREE, GOAL, WAY, START = (50, 50, 60), (245, 245, 245), (0, 140, 90), (240, 160, 60), (40, 90, 200)


def painted(
    free: npt.NDArray[np.bool_],
    goal: npt.NDArray[np.bool_],
    way: Iterable[tuple[int, int]] = (),
    start: tuple[int, int] | None = None,
) -> npt.NDArray[np.uint8]:
    """(H, W, 3) a map in colours: dark walls, orange way, blue start, green goal.

    Args:
        free, goal: (H, W). way: cells, row and column. start: likewise.
    """
    found = np.where(free[..., None], FREE, WALL).astype(np.uint8)
    for cell in way:
        found[cell] = WAY
    if start is not None:
        found[start] = START
    found[goal] = GOAL
    return found


def save_maps(records: list[dict[str, Any]], folder: Path) -> list[Path]:
    """Draw the paths on their maps, read again from the files, onto the page ``paths.html``.

    Args:
        records: with ``input`` and ``path``. folder: where to.
    """
    drawn = []
    for record in records:
        name = record["input"].rpartition(", start ")[0]
        source = name.rpartition(", map ")[0]
        one = next(one for one in read_maps(source, "input") if one.name == name)
        way = [(int(row) - 1, int(column) - 1) for row, column in (cell.split(",") for cell in record["path"].split())]
        told = "reached" if record["reached"] else "not reached"
        cells = painted(one.cells != "#", one.cells == "G", way, way[0])
        drawn.append(image(cells, f"{Path(record['input']).name}: {told} in {record['moves']} moves"))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "paths.html"
    path.write_text(page("Paths", [Section("Paths to the goal", [gallery(drawn)])]), encoding="utf-8")
    return [path]
