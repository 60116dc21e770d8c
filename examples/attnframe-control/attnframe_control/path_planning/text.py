"""Maps as text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from attnframe.errors import DataError, Fault
from attnframe.plugin.tables import SHOWN
from attnframe_control.path_planning.maps import MapSet

FORM: Final = "Write a row a line: # is a wall, . free, G the goal, S a start; an empty line between maps."
LEAST: Final = 10
"""Maps that are split into three parts."""


@dataclass(frozen=True)
class TextMap:
    """One map of a file.

    Args:
        name: the file and the number of the map in it.
        cells: (H, W) single characters.
    """

    name: str
    cells: npt.NDArray[np.str_]

    @property
    def starts(self) -> list[tuple[int, int]]:
        """Row and column of each start."""
        return [(int(row), int(column)) for row, column in np.argwhere(self.cells == "S")]

    def filled(self, rows: int, columns: int) -> MapSet:
        """The map as a set of one, with walls beyond its border."""
        height, width = self.cells.shape
        free, goals = np.zeros((2, 1, rows, columns), dtype=bool)
        free[0, :height, :width] = self.cells != "#"
        goals[0, :height, :width] = self.cells == "G"
        return MapSet(free, goals)


def read_maps(source: str, key: str) -> list[TextMap]:
    """Every map of a text file, or of each .txt file below a folder, in the order of their names.

    Args:
        source: path of the file or folder. key: what the user gave it as: ``data.path`` or ``input``.

    Raises:
        DataError: with everything that is wrong with each map.
    """
    root = Path(source)
    paths = sorted(root.rglob("*.txt")) if root.is_dir() else [root]
    if not paths:
        raise DataError(Fault(f"{key}={source}", "must hold .txt files of maps", "none", FORM))
    found: list[TextMap] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            blocks = path.read_text(encoding="utf-8").split("\n\n")
        except (OSError, UnicodeDecodeError) as error:
            got = (error.strerror or "") if isinstance(error, OSError) else "not UTF-8"
            faults.append(Fault(f"{key}={path}", "must be a readable text file of maps", got, FORM))
            continue
        maps = [lines for block in blocks if (lines := block.split())]
        if not maps:
            faults.append(Fault(f"{key}={path}", "must hold maps", "none", FORM))
        for number, lines in enumerate(maps, start=1):
            where = f"{path}, map {number}"
            wrong = _wrong(lines)
            faults += [Fault(f"{key}={where}", must, got, FORM) for must, got in wrong]
            if not wrong:
                found.append(TextMap(where, np.array([list(line) for line in lines])))
    if faults:
        more = [Fault(key, "must be maps as told", f"{len(faults) - SHOWN} more faults")] if len(faults) > SHOWN else []
        raise DataError([*faults[:SHOWN], *more])
    return found


def stack(maps: list[TextMap], source: str) -> MapSet:
    """Maps in one set, the smaller ones filled up with walls.

    Raises:
        DataError: when they are too few to be split.
    """
    if len(maps) < LEAST:
        raise DataError(Fault(f"data.path={source}", f"must hold at least {LEAST} maps", str(len(maps)), FORM))
    rows, columns = (max(one.cells.shape[axis] for one in maps) for axis in (0, 1))
    filled = [one.filled(rows, columns) for one in maps]
    return MapSet(np.concatenate([one.free for one in filled]), np.concatenate([one.goals for one in filled]))


def _wrong(lines: list[str]) -> list[tuple[str, str]]:
    """What a map must be and is not, with what it is."""
    text = "".join(lines)
    widths = sorted({len(line) for line in lines})
    found = []
    if strange := sorted(set(text) - set("#.GS")):
        found.append(("must have no other characters than # . G S", " ".join(map(repr, strange[:SHOWN]))))
    if len(widths) > 1:
        found.append(("must have rows of one length", f"lengths from {widths[0]} to {widths[-1]}"))
    if text.count("G") != 1:
        found.append(("must have one goal G", str(text.count("G"))))
    return found
