"""Explanations of the next action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from attnframe.explanation.classes import class_answer, log_share
from attnframe.explanation.read_out import last
from attnframe.pictures import heatmap
from attnframe.plugin.subject import Maps, Subject, Values
from attnframe_control.offline_policy.inputs import History

if TYPE_CHECKING:
    from attnframe_control.offline_policy.module import Policy

ROWS = ("return to go", "state", "action")


class Decision(Subject):
    """A trajectory and the action that comes next; its units are the tokens of its last steps.

    Args:
        name: of the trajectory. policy: in evaluation mode. history: the trajectory.
        target: the return to reach.
    """

    unit, many = "token of a step", "tokens of steps"
    deletion = "replaced by a token of zeros"
    read_out = "at the last state"

    def __init__(self, name: str, policy: Policy, history: History, target: float) -> None:
        self.policy = policy
        self.record = policy.record(name, history, target)
        with torch.no_grad():
            tokens = policy.network.tokens(*policy.window(history.seen(), target))
        self.given = tokens[:, :-1]  # the action to come is no part of the input
        steps = tokens.shape[1] // 3
        first = len(history.states) - steps + 1
        self.steps = [f"step {number}" for number in range(first, first + steps)]
        units = [f"{row} of {step}" for step in self.steps for row in ROWS][:-1]
        answer = class_answer({"label": self.record["action"], "probabilities": self.record["probabilities"]})
        self.chosen = policy.facts["actions"].index(self.record["action"])
        self.score = f"log-probability of {self.record['action']}"
        super().__init__(name, answer, policy, units)

    def scores(self, kept: Tensor) -> Tensor:
        tokens = self.given * kept.to(self.given.device).unsqueeze(2)
        return log_share(self.policy.network.read(tokens)[:, -1], self.chosen)

    def relevance(self, maps: Maps) -> Tensor:
        return last(maps.through("network.blocks."))[0]

    def picture(self, values: Values, title: str, *, small: bool = False) -> str:
        grid = np.append(values, 0.0).reshape(len(self.steps), len(ROWS)).T
        return heatmap(grid, [] if small else list(ROWS), [] if small else self.steps, title)

    def plain(self) -> Mapping[str, Any]:
        return {"action": self.record["action"], "probability": self.record["probability"]}
