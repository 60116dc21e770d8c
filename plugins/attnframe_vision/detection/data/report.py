"""What is wrong with a folder of pictures with boxes, gathered so that one screen tells all of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

from attnframe.errors import DataError, Fault

NAMED: Final = 5
"""Cases of a kind of fault that are named; the rest are counted."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kind:
    """A kind of fault.

    Args:
        must: what must be, as the end of a sentence about ``data.path``.
        left_out: what data.skip_broken=true does with such cases, as the end of a sentence; empty when it cannot help.
        works: advice besides.
    """

    must: str
    left_out: str = ""
    works: str = ""


BROKEN_FILE: Final = Kind("must hold annotation files that can be read", "left out")
NO_PICTURE: Final = Kind("must hold the picture of every annotation", "left out")
BROKEN_PICTURE: Final = Kind("must hold pictures that can be read", "left out")
BAD_OBJECT: Final = Kind("must give every object a class and a box of four numbers", "left out")
EMPTY_BOX: Final = Kind("must hold boxes with an area", "left out")
OUTSIDE: Final = Kind("must hold boxes inside of their picture", "cut at its edge")
NO_EXAMPLE: Final = Kind("must hold boxes to train on for every class", "left out")
NO_ROWS: Final = Kind(
    "must hold pictures for each part that it names", works="Fill it, or remove it for a random split."
)
TWICE: Final = Kind("must hold every picture in one part only")
SAME_ID: Final = Kind("must give every picture an id of its own", "left out")
NOT_LISTED: Final = Kind("must hold an annotation for every picture that ImageSets lists", "left out")
UNKNOWN_CATEGORY: Final = Kind("must list the category of every annotation", "left out")
UNKNOWN_PICTURE: Final = Kind("must list the picture of every annotation", "left out")
NO_FORM: Final = Kind("must hold JSON files with the lists images, annotations and categories of COCO", "left out")


class Report:
    """Gathers cases by kind.

    Args:
        skip_broken: whether cases that can be left out are noticed rather than refused.
    """

    def __init__(self, skip_broken: bool) -> None:
        self.skip_broken = skip_broken
        self._cases: dict[Kind, list[str]] = {}

    def add(self, kind: Kind, case: str) -> None:
        """Note a case, told in a few words."""
        self._cases.setdefault(kind, []).append(case)

    def close(self) -> None:
        """Log what is left out.

        Raises:
            DataError: with a fault for each kind that is not left out.
        """
        faults = []
        for kind, cases in self._cases.items():
            more = f" and {len(cases) - NAMED} more" if len(cases) > NAMED else ""
            told = f"{len(cases)} that {'do' if len(cases) > 1 else 'does'} not: {', '.join(cases[:NAMED])}{more}"
            if self.skip_broken and kind.left_out:
                _log.warning("data.path %s; %s, %s", kind.must, told, kind.left_out)
                continue
            works = (
                f"Mend them, or give data.skip_broken=true: they are {kind.left_out}." if kind.left_out else kind.works
            )
            faults.append(Fault("data.path", kind.must, told, works))
        if faults:
            raise DataError(faults)
