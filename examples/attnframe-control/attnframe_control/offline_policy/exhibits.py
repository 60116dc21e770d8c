"""What a report shows of a policy: actions right and wrong, and what its roll-outs reach of what is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from torch import Tensor

from attnframe.pictures import Line, Panel
from attnframe.plugin.class_scores import ClassScores
from attnframe.plugin.exhibit import Exhibit
from attnframe_control.offline_policy.rollouts import FIRST_SEED, Seen, roll_out
from attnframe_control.offline_policy.worlds.base import World

SEEDS: Final = range(FIRST_SEED + 1000, FIRST_SEED + 1020)
"""Of the episodes of each return that is asked for; they are none of the test figure."""


class Decisions(Exhibit):
    """Confusion, scores and calibration of the actions of test steps, and the returns of roll-outs by what was asked.

    Args:
        world: where the policy acts. context: most steps that it sees.
        act: its actions for steps seen and a return to reach.
    """

    def __init__(self, world: World, context: int, act: Callable[[Seen, float], Tensor]) -> None:
        self.world, self.context, self.act = world, context, act
        self.scores = ClassScores(world.actions, "steps")

    def update(self, batch: dict[str, Tensor], outputs: Tensor) -> None:
        valid = batch["valid"]
        self.scores.update(outputs[valid].softmax(1), batch["actions"][valid])

    def panels(self) -> list[Panel]:
        asked = list(self.world.asked)
        if not asked:
            return self.scores.panels()
        found = [self._reached(one) for one in asked]
        low, middle, high = np.percentile(found, [10, 50, 90], axis=1).tolist()
        reached = Line("median, and from the 10th to the 90th percentile", asked, middle, low, high)
        shown = {
            "series": [reached, Line("as asked", asked, asked)],
            "title": f"Return of {len(SEEDS)} roll-outs by what is asked for",
            "x_label": "return that is asked for",
            "y_label": "return that is reached",
        }
        return [Panel("lines", shown), *self.scores.panels()]

    def _reached(self, target: float) -> list[float]:
        return roll_out(self.world, lambda seen: self.act(seen, target), SEEDS, self.context)
