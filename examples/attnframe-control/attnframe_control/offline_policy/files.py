"""A user's own trajectories, in a file of JSON lines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from attnframe.errors import DataError, Fault
from attnframe.plugin.contract import Facts
from attnframe_control.offline_policy.inputs import FORM, trajectory_faults
from attnframe_control.offline_policy.trajectories import Trajectories
from attnframe_control.offline_policy.worlds.given import Given

LEAST: Final = 3
"""Trajectories that a file must hold: one for each part."""
SHOWN: Final = 10
"""Faults of a file that are told."""


def read_trajectories(path: Path, environment: str | None, known: Facts | None) -> tuple[Given, Trajectories, str]:
    """The world, the trajectories and the sha256 (hex) of a file.

    Args:
        path: of the file. environment: id in gymnasium; None for none.
        known: facts of the model that is evaluated; None in training.

    Raises:
        DataError: with what is wrong with the file, line by line.
    """
    try:
        content = path.read_bytes()
        lines = [line for line in content.decode().splitlines() if line.strip()]
        read = [json.loads(line) for line in lines]
    except (OSError, ValueError) as error:
        got = error.strerror if isinstance(error, OSError) else " ".join(str(error).split())
        raise DataError(Fault(str(path), "must be a readable file of JSON lines", got or "", _form())) from None
    if len(read) < LEAST:
        raise DataError(Fault(str(path), f"must hold at least {LEAST} trajectories", str(len(read)), _form()))
    facts = known or _guessed(read, environment)
    faults = [
        fault
        for number, one in enumerate(read, start=1)
        for fault in trajectory_faults(f"{path}, line {number}", one, facts, ended=True)
    ]
    if faults:
        raise DataError(faults[:SHOWN])
    names = facts["actions"]
    found = Trajectories.of(
        [
            [
                (np.array(state, np.float32), names.index(action) if action in names else int(action), float(reward))
                for state, action, reward in zip(one["states"], one["actions"], one["rewards"], strict=True)
            ]
            for one in read
        ]
    )
    target = facts["target"] if known else float(found.returns.max()) or 1.0
    return Given(facts | {"target": target}), found, hashlib.sha256(content).hexdigest()


def _guessed(read: Sequence[Any], environment: str | None) -> Facts:
    """What the first trajectory, and the actions of all, say of the world."""
    told = [one for one in read if isinstance(one, dict)]
    states: list[Any] = next(
        (one["states"] for one in told if isinstance(one.get("states"), list) and one["states"]), [[]]
    )
    size = len(states[0]) if isinstance(states[0], list) else 0
    actions = [action for one in told if isinstance(one.get("actions"), list) for action in one["actions"]]
    numbers = [action for action in actions if type(action) is int and action >= 0]
    names = sorted({action for action in actions if isinstance(action, str)})
    known = names or [str(number) for number in range(max(numbers, default=0) + 1)]
    guessed = {"environment": environment, "actions": known, "state_size": size, "target": 1.0}
    return guessed | {"cell_values": 0}


def _form() -> str:
    return f"A line: {FORM}."
