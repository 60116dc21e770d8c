"""Explanations of moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor

from attnframe.explanation.classes import class_answer, log_share
from attnframe.pictures import image
from attnframe.plugin.subject import Drawing, Maps, Subject, Values
from attnframe_control.path_planning.following import path
from attnframe_control.path_planning.maps import NAMES
from attnframe_control.path_planning.pictures import painted
from attnframe_control.path_planning.text import TextMap

if TYPE_CHECKING:
    from attnframe_control.path_planning.module import Planner


class ToldMove(Subject):
    """A map and the move from its start; its units are the patches of the map.

    Args:
        name: of map and start. planner: in evaluation mode. one: the map. start: row and column.
    """

    unit, many = "patch", "patches"
    deletion = "cleared: no walls, no goal"
    read_out = "at the patch of the start"
    note = "The start is no part of what the model reads; convolutions beside the attention read what is near it."

    def __init__(self, name: str, planner: Planner, one: TextMap, start: tuple[int, int]) -> None:
        self.planner, self.start, self.network = planner, start, planner.network
        _, self.batch = planner.given(one)
        with torch.no_grad():
            logits = planner(self.batch)[0]
        self.shares = logits[:, start[0], start[1]].float().softmax(0).tolist()
        self.move = max(range(len(NAMES)), key=self.shares.__getitem__)
        free, goal = (self.batch[key][0].cpu() for key in ("free", "goal"))
        self.way = path(logits.argmax(0).cpu(), free, goal, start)
        rows, columns = self.network.grid
        filling = (0, columns * self.network.patch - free.shape[1], 0, rows * self.network.patch - free.shape[0])
        self.cells = painted(F.pad(free, filling).numpy(), F.pad(goal, filling).numpy(), (), start)
        self.score = f"log-probability of the move {NAMES[self.move]}"
        answer = class_answer({"label": NAMES[self.move], "probabilities": dict(zip(NAMES, self.shares, strict=True))})
        units = [f"patch {row + 1},{column + 1}" for row in range(rows) for column in range(columns)]
        super().__init__(name, answer, planner, units)

    def scores(self, kept: Tensor) -> Tensor:
        free, goal = self.batch["free"], self.batch["goal"]
        patches = kept.to(free.device).view(len(kept), 1, *self.network.grid).float()
        whole = F.interpolate(patches, scale_factor=self.network.patch, mode="nearest")[:, 0] > 0
        stays = whole[:, : free.shape[1], : free.shape[2]]
        logits = self.planner({"free": free | ~stays, "goal": goal & stays})
        return log_share(logits[:, :, self.start[0], self.start[1]], self.move)

    def relevance(self, maps: Maps) -> Tensor:
        row, column = (place // self.network.patch for place in self.start)
        return maps.through("network.encoder.")[0, row * self.network.grid[1] + column]

    def picture(self, values: Values, title: str, *, small: bool = False) -> str:
        return image(self.cells, title, overlay=values.reshape(self.network.grid))

    def drawings(self, maps: Maps) -> Sequence[Drawing]:
        """The path that the moves make."""
        free, goal = (self.batch[key][0].cpu().numpy() for key in ("free", "goal"))
        title = "The path of the moves"
        return [Drawing("path", title, image(painted(free, goal, self.way, self.start), title))]

    def plain(self) -> Mapping[str, Any]:
        return {"move": NAMES[self.move], "probability": self.shares[self.move], "path": [list(c) for c in self.way]}
