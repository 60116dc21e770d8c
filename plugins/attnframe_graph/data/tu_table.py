"""One file of the TU format: numbers, separated by commas, the same in every line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from attnframe.errors import Fault

SHOWN = 5
"""Bad lines that an error names."""


@dataclass(frozen=True)
class Table:
    """The numbers of one file.

    Args:
        file: where they stand.
        rows: (lines, columns) float64.
    """

    file: Path
    rows: npt.NDArray[np.float64]

    @classmethod
    def read(
        cls,
        prefix: str,
        kind: str,
        faults: list[Fault],
        *,
        columns: int | None = None,
        integers: bool = False,
        optional: bool = False,
    ) -> Table | None:
        """The numbers of ``PREFIX_KIND.txt``, or None with faults told, or when it may be absent and is.

        Args:
            prefix: folder and name. kind: which file.
            faults: are added to.
            columns: numbers that a line must have; None for as many as the first has.
            integers: whether they must be whole.
            optional: whether it may be absent.
        """
        file = Path(f"{prefix}_{kind}.txt")
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            if not optional:
                faults.append(Fault(str(file), "must be there"))
            return None
        except (OSError, UnicodeDecodeError) as error:
            faults.append(Fault(str(file), "must be a text in UTF-8", str(error)))
            return None
        while lines and not lines[-1].strip():
            lines.pop()
        wanted = columns or (len(lines[0].split(",")) if lines else 1)
        rows = np.full((len(lines), wanted), np.nan)
        ragged = np.zeros(len(lines), bool)
        for number, line in enumerate(lines):
            words = line.split(",")
            ragged[number] = len(words) != wanted
            if not ragged[number]:
                rows[number] = [_number(word) for word in words]
        table = cls(file, rows)
        found = len(faults)
        table.refuse(ragged, f"must have {wanted} {'number' if wanted == 1 else 'numbers'}", faults, lines)
        wrong = ~np.isfinite(rows).all(1) & ~ragged
        if integers:
            wrong |= (np.nan_to_num(rows) != np.floor(np.nan_to_num(rows))).any(1)
        table.refuse(wrong, "must have whole numbers" if integers else "must have finite numbers", faults, lines)
        return table if len(faults) == found else None

    def refuse(
        self, bad: npt.NDArray[np.bool_], must: str, faults: list[Fault], lines: list[str] | None = None
    ) -> None:
        """One fault for all lines that are bad, counted from 1."""
        found = np.flatnonzero(bad)
        if not len(found):
            return
        shown = [f"line {row + 1} ({self._line(row) if lines is None else lines[row]})" for row in found[:SHOWN]]
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        faults.append(Fault(str(self.file), f"{must} in every line", ", ".join(shown) + more))

    def expect(self, count: int, what: str, faults: list[Fault]) -> None:
        """A fault when there are more or fewer lines than should be."""
        if len(self.rows) != count:
            faults.append(Fault(str(self.file), f"must have {what}, {count}", f"{len(self.rows)} lines"))

    def _line(self, row: int) -> str:
        return ", ".join(f"{number:g}" for number in self.rows[row])


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return float("nan")
