"""Steps of the arm Reacher in MuJoCo."""

from __future__ import annotations

from typing import Final

import gymnasium
import numpy as np

from attnframe.errors import DataError, Fault
from attnframe_control.motor_control.table import Table

FEATURES: Final = ("angle1", "angle2", "velocity1", "velocity2", "target_x", "target_y", "torque1", "torque2")
WORLD: Final = "Reacher-v5"


def steps(rows: int) -> Table:
    """Where the arm was, what it was told to do, and how far its end was from the target one step (0.02 s) later, of
    torques at random; the same for the same number.

    Args:
        rows: how many steps.

    Raises:
        DataError: when MuJoCo is missing.
    """
    try:
        world = gymnasium.make(WORLD)
    except (gymnasium.error.DependencyNotInstalled, ImportError) as error:
        works = 'Install it: pip install "attnframe-control[mujoco]"'
        raise DataError(Fault("data=reacher", "needs MuJoCo", " ".join(str(error).split())[:120], works)) from error
    generator = np.random.default_rng(0)
    inputs, targets = np.empty((rows, len(FEATURES))), np.empty(rows)
    done = True
    try:
        for row in range(rows):
            if done:
                seen, _ = world.reset(seed=int(generator.integers(2**31)))
            torque = generator.uniform(-1, 1, 2)
            angles = np.arctan2(seen[2:4], seen[:2])
            inputs[row] = [*angles, *seen[6:8], *seen[4:6], *torque]
            seen, _, ended, cut, _ = world.step(torque)
            targets[row] = np.linalg.norm(seen[8:10])
            done = ended or cut
    finally:
        world.close()
    return Table(FEATURES, "distance", inputs, targets)
