"""Some maps, and from where their goals are reached."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from attnframe.pictures import Panel
from attnframe.plugin.exhibit import Exhibit, FirstExamples
from attnframe_control.path_planning.following import arrives, starts
from attnframe_control.path_planning.pictures import painted

MOST = 4
"""Maps that are drawn."""
REACHED, LOST = (150, 205, 170), (225, 120, 110)


class FirstMaps(Exhibit):
    """The first test maps: cells from which the moves lead to the goal green, those from which they do not, though
    there is a way, red."""

    def __init__(self) -> None:
        self.first = FirstExamples(MOST)

    def update(self, batch: dict[str, Tensor], outputs: Tensor) -> None:
        self.first.update(batch, outputs)

    def panels(self) -> list[Panel]:
        if self.first.kept is None:
            return []
        batch, outputs = self.first.kept
        arrived = arrives(outputs.argmax(1), batch["free"], batch["goal"])
        some = starts(batch["distance"])
        parts = (part.cpu().numpy() for part in (batch["free"], batch["goal"], arrived & some, some & ~arrived))
        found = []
        for number, (free, goal, reached, lost) in enumerate(zip(*parts, strict=True), start=1):
            cells = painted(free, goal)
            cells[reached], cells[lost] = np.array(REACHED, np.uint8), np.array(LOST, np.uint8)
            title = f"Test map {number}: the goal is reached from green cells, missed from red ones"
            found.append(Panel("image", {"array": cells, "title": title}))
        return found
