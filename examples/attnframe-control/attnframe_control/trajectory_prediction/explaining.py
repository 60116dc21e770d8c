"""Explanations of paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from attnframe.explanation.read_out import last
from attnframe.pictures import bars, points
from attnframe.plugin.subject import Drawing, Maps, Subject, Values
from attnframe_control.trajectory_prediction.inputs import Walk

if TYPE_CHECKING:
    from attnframe_control.trajectory_prediction.module import Walker


class ToldPath(Subject):
    """A person and the path that is told; its units are the moves from one seen place to the next.

    Args:
        name: of the person. walker: in evaluation mode. walk: where the person was.
    """

    unit, many = "move", "moves"
    deletion = "replaced by the mean of all moves"
    score = "minus mean distance from the path that is told"
    read_out = "at the last move"
    note = "The last move goes on in the path by itself too, whatever attention reads."

    def __init__(self, name: str, walker: Walker, walk: Walk) -> None:
        self.walker, self.walk = walker, walk
        self.past = walker.seen(walk)  # (1, O, 2)
        self.moves = self.past.diff(dim=1)
        with torch.no_grad():
            self.told = walker({"past": self.past})
        self.end = (self.told[0, -1].double().cpu().numpy() + walk.places[-1]).tolist()
        count = self.moves.shape[1]
        answer = f"The model says ({self.end[0]:.4g}, {self.end[1]:.4g}) after {self.told.shape[1]} frames."
        units = [f"{count - number} frames ago" if number < count - 1 else "last" for number in range(count)]
        super().__init__(name, answer, walker, units)

    def scores(self, kept: Tensor) -> Tensor:
        mean = self.moves.mean(1, keepdim=True)
        moves = torch.where(kept.to(mean.device).unsqueeze(2), self.moves, mean)
        # The path ends where it ended: from there back, one move after the other.
        back = moves.flip(1).cumsum(1).flip(1)
        past = torch.cat([-back, torch.zeros_like(back[:, :1])], 1)
        away: Tensor = torch.linalg.vector_norm(self.walker({"past": past}) - self.told, dim=2)
        return -away.mean(1)

    def strength(self) -> Tensor:
        """How far the path goes from constant velocity, in the direction in which it does."""
        ahead = torch.arange(1, self.told.shape[1] + 1, device=self.told.device)[:, None]
        along: Tensor = self.walker({"past": self.past}) * (self.told - self.moves[:, -1:] * ahead)
        return along.sum()

    def relevance(self, maps: Maps) -> Tensor:
        return last(maps.through("network.encoder."))[0]

    def picture(self, values: Values, title: str, *, small: bool = False) -> str:
        return bars(self.units, values.tolist(), title)

    def drawings(self, maps: Maps) -> Sequence[Drawing]:
        """The path from above, beside that of constant velocity."""
        here = self.walk.places[-1]
        ahead = torch.arange(1, self.told.shape[1] + 1, device=self.told.device)[:, None]
        parts = {"seen": self.past[0], "told": self.told[0], "constant velocity": self.moves[0, -1:] * ahead}
        groups = {
            name: [tuple(place) for place in (part.cpu().double().numpy() + here).tolist()]
            for name, part in parts.items()
        }
        title = f"{self.name} from above"
        return [Drawing("path", title, points(groups, title, "x", "y"))]

    def plain(self) -> Mapping[str, Any]:
        return {"end": self.end, "seen": self.walk.places.tolist()}
