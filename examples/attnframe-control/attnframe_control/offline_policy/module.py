"""The module of the task `offline_policy`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import torch
import torch.nn.functional as F
from torch import Tensor
from torchmetrics import Metric
from torchmetrics.classification import MulticlassAccuracy

from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.subject import Subject
from attnframe.plugin.task_module import TaskModule
from attnframe_control.offline_policy.exhibits import Decisions
from attnframe_control.offline_policy.explaining import Decision
from attnframe_control.offline_policy.inputs import History, read_histories, write_example
from attnframe_control.offline_policy.network import StepNetwork
from attnframe_control.offline_policy.rollouts import Seen, test_score
from attnframe_control.offline_policy.worlds import world_of

Batch = dict[str, Tensor]
IGNORED: Final = -1
"""The target of steps that are no part of a trajectory."""


class Policy(TaskModule):
    """Logits (B, K, A) of the action of each step of windows; a batch is that of `WindowSplit`.

    Args:
        parts: attention, position and model recipes. facts: of `TrajectoryModule`.
    """

    def __init__(self, parts: Parts, facts: Facts) -> None:
        super().__init__(facts)
        self.network = StepNetwork(parts, facts)
        self.world = world_of(facts)

    def forward(self, batch: Batch) -> Tensor:
        network = self.network
        return network.read(network.tokens(batch["returns"], batch["states"], batch["actions"]))

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Mean cross entropy of the actions in nats a step, and the logits."""
        logits = self(batch)
        targets = batch["actions"].masked_fill(~batch["valid"], IGNORED)
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED), logits

    def metrics(self) -> dict[str, Metric]:
        """The share of steps whose action is told."""
        return {"accuracy": MulticlassAccuracy(len(self.facts["actions"]), average="micro", validate_args=False)}

    def update_metrics(self, metrics: dict[str, Metric], batch: Batch, outputs: Tensor) -> None:
        valid = batch["valid"]
        metrics["accuracy"].update(outputs[valid].argmax(1), batch["actions"][valid])

    def final_metrics(self) -> dict[str, float]:
        """The mean return, or success, of roll-outs that ask for the most there is; nothing where nothing can be acted
        in.
        """
        if self.world.environment is None:
            return {}
        return {
            self.world.scored: test_score(
                self.world, partial(self.act, target=self.world.target), self.facts["context"]
            )
        }

    def exhibits(self) -> list[Exhibit]:
        """Actions right and wrong, and what roll-outs reach of what is asked for."""
        return [Decisions(self.world, self.facts["context"], self.act)]

    def act(self, seen: Seen, target: float) -> Tensor:
        """The likeliest action (n,) of each of n histories of the same length.

        Args:
            seen: the last steps. target: the return to reach.
        """
        return self.logits(seen, target).argmax(1)

    @torch.no_grad()
    def logits(self, seen: Seen, target: float) -> Tensor:
        """Logits (n, A) of the next action of each of n histories; see `act`."""
        device = self.network.head.weight.device
        returns, states, actions = (one.to(device) for one in self.window(seen, target))
        return self.network.read(self.network.tokens(returns, states, actions))[:, -1].float()

    def window(self, seen: Seen, target: float) -> tuple[Tensor, Tensor, Tensor]:
        """Returns to go (n, T), states (n, T, S) and actions (n, T) of the last steps; the action to come is 0, which
        is not read.
        """
        last = self.facts["context"]
        returns = (target - seen.gained) / self.facts["target"]
        return returns[:, -last:], seen.states[:, -last:], F.pad(seen.actions, (0, 1))[:, -last:]

    def example_batch(self, batch_size: int, device: str = "cpu") -> Batch:
        facts = self.facts
        shape = batch_size, facts["context"]
        dtype = torch.uint8 if facts["cell_values"] else torch.float32
        return {
            "returns": torch.ones(shape, device=device),
            "states": torch.zeros(*shape, facts["state_size"], dtype=dtype, device=device),
            "actions": torch.zeros(shape, dtype=torch.int64, device=device),
            "valid": torch.ones(shape, dtype=torch.bool, device=device),
        }

    def example_input(self, folder: Path) -> str:
        return str(write_example(folder / "trajectory.json", self.facts))

    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, History]]:
        """Name and content of a trajectory in JSON, or of each below a folder; see `read_histories`."""
        return read_histories(source, self.facts)

    def predict(self, inputs: Iterable[tuple[str, History]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        """``input``, ``action``, ``probability`` and ``probabilities`` (by action) of each trajectory."""
        self.eval()
        for name, history in inputs:
            yield self.record(name, history, self.target(options))

    def target(self, options: PredictRecipe) -> float:
        """The return that a prediction asks for."""
        wished = getattr(options, "target", None)
        return self.world.target if wished is None else wished

    def record(self, name: str, history: History, target: float) -> dict[str, Any]:
        """The prediction for one trajectory."""
        shares = self.logits(history.seen(), target)[0].softmax(0).tolist()
        named = dict(zip(self.facts["actions"], shares, strict=True))
        action = max(named, key=named.__getitem__)
        return {"input": name, "action": action, "probability": named[action], "probabilities": named}

    def subjects(
        self, inputs: Iterable[tuple[str, History]], options: PredictRecipe
    ) -> Iterator[tuple[str, Callable[[], Subject]]]:
        """Each trajectory with the action that comes next."""
        for name, history in inputs:
            yield name, partial(Decision, name, self, history, self.target(options))
