"""Postures of a generated arm."""

from __future__ import annotations

import numpy as np

from attnframe_control.motor_control.table import Table

GOAL = (0.1, 0.1)
"""From where the distance of the arm's end is measured; the arm starts at (0, 0) and is 1 long."""


def postures(rows: int, joints: int, noise: float) -> Table:
    r"""Angles of the joints, and the distance of the arm's end from `GOAL`; the same for the same arguments.

    .. math:: \Big\| \frac 1 J \sum_{j=1}^J (\cos \phi_j, \sin \phi_j) - g \Big\| + \epsilon, \qquad
        \phi_j = \theta_1 + \dots + \theta_j

    Args:
        rows: how many. joints: J. noise: standard deviation of :math:`\epsilon`.
    """
    generator = np.random.default_rng(0)
    angles = generator.uniform(-np.pi / 2, np.pi / 2, (rows, joints))
    turned = angles.cumsum(1)
    end = np.stack([np.cos(turned).mean(1), np.sin(turned).mean(1)], axis=1)
    distance = np.linalg.norm(end - GOAL, axis=1) + noise * generator.standard_normal(rows)
    return Table(tuple(f"joint{number + 1}" for number in range(joints)), "distance", angles, distance)
