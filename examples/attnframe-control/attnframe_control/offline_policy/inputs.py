"""Reading the trajectories that a user wants the next action for."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from attnframe.errors import DataError, Fault
from attnframe.plugin.contract import Facts
from attnframe_control.offline_policy.rollouts import Seen

FORM = '{"states": [[...], [...]], "actions": [...], "rewards": [...]}'


@dataclass(frozen=True)
class History:
    """What was seen and done in T steps, the last of which waits for its action.

    Args:
        states: (T, S). actions: (T - 1,) int64. gained: (T,) the sum of rewards before each step.
    """

    states: Tensor
    actions: Tensor
    gained: Tensor

    def seen(self) -> Seen:
        """The same as a batch of one."""
        return Seen(self.states.unsqueeze(0), self.actions.unsqueeze(0), self.gained.unsqueeze(0))


def read_histories(source: str, facts: Facts) -> list[tuple[str, History]]:
    """Path and content of a JSON file, or of each below a folder, in the order of their names: T states of S numbers,
    and T - 1 actions (names or numbers) and rewards.

    Args:
        source: path of the file or folder. facts: of the model.

    Raises:
        DataError: with everything that is wrong with each file.
    """
    root = Path(source)
    paths = sorted(root.rglob("*.json")) if root.is_dir() else [root]
    if not paths:
        raise DataError(Fault("input", "must hold JSON files", f"none below {source}"))
    found: list[tuple[str, History]] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            got = error.strerror if isinstance(error, OSError) else " ".join(str(error).split())
            faults.append(Fault(str(path), "must be a readable JSON file", got or "", f"Its form: {FORM}."))
            continue
        wrong = list(trajectory_faults(str(path), content, facts))
        faults += wrong
        if not wrong:
            found.append((str(path), _history(content, facts)))
    if faults:
        raise DataError(faults)
    return found


def trajectory_faults(where: str, content: Any, facts: Facts, *, ended: bool = False) -> Iterator[Fault]:
    """What is wrong with a trajectory.

    Args:
        where: names it. content: as JSON gives it. facts: what actions and states there are.
        ended: whether an action and a reward followed the last state too.
    """
    given = content if isinstance(content, dict) else {}
    parts = [part for name in ("states", "actions", "rewards") if isinstance(part := given.get(name), list)]
    if len(parts) != 3 or not parts[0]:
        yield Fault(where, "must hold lists of states, actions and rewards", "", f"Its form: {FORM}.")
        return
    states, actions, rewards = parts
    size, values, names = facts["state_size"], facts["cell_values"], facts["actions"]
    if {len(actions), len(rewards)} != {len(states) - (not ended)}:
        waits = "must have one action and one reward less than states, for the last state waits for its action"
        must = "must have as many actions and rewards as states" if ended else waits
        yield Fault(where, must, f"{len(states)} states, {len(actions)} actions, {len(rewards)} rewards")
    for number, state in enumerate(states, start=1):
        if not isinstance(state, list) or len(state) != size or not all(_in_range(one, values) for one in state):
            kind = f"whole numbers from 0 to {values - 1}" if values else "finite numbers"
            yield Fault(f"{where}: state {number}", f"must be {size} {kind}", _short(state))
    for number, action in enumerate(actions, start=1):
        if action not in names and not (type(action) is int and 0 <= action < len(names)):
            works = f"Possible: {', '.join(names)}."
            yield Fault(f"{where}: action {number}", "must be the name or number of an action", _short(action), works)
    for number, reward in enumerate(rewards, start=1):
        if not _in_range(reward, 0):
            yield Fault(f"{where}: reward {number}", "must be a finite number", _short(reward))


def _in_range(value: Any, values: int) -> bool:
    if values:
        return type(value) is int and 0 <= value < values
    return type(value) in (int, float) and math.isfinite(value)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _history(content: dict[str, Any], facts: Facts) -> History:
    names = facts["actions"]
    actions = [names.index(action) if action in names else action for action in content["actions"]]
    return History(
        torch.tensor(content["states"], dtype=torch.uint8 if facts["cell_values"] else torch.float32),
        torch.tensor(actions, dtype=torch.int64),
        torch.tensor([*accumulate(content["rewards"], initial=0.0)], dtype=torch.float32),
    )


def write_example(path: Path, facts: Facts) -> Path:
    """Write three steps in the form that `read_histories` reads; the path."""
    states = [[step] * facts["state_size"] for step in range(3)]
    content = {"states": states, "actions": facts["actions"][:2], "rewards": [0, 0]}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
