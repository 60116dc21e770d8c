"""A generated crowd."""

from __future__ import annotations

import numpy as np

from attnframe_control.trajectory_prediction.tracks import Tracks, tracks_of

SIDE, FRAME = 16.0, 0.4
"""Metres of a side of the square; seconds of a frame."""
ENTER = 3
"""Frames from one person who enters to the next."""
TURN, APART, JITTER = 0.12, 1.5, 0.01
"""Share of the way onto a course that is made good in a frame; metres within which people make way; metres of noise."""
FRAMES = 60
"""The most frames that a person stays."""


def walk(people: int) -> Tracks:
    """Tracks of people who cross a square; the same for the same number.

    Everyone enters on one side at a slant, turns by and by towards a place on another side, and is pushed away by those
    ahead who are near, as in the social force model (Helbing and Molnar 1995, https://arxiv.org/abs/cond-mat/9805244).
    """
    generator = np.random.default_rng(0)
    sides = generator.integers(0, 4, people)
    place = _on_side(sides, generator.uniform(-SIDE / 2, SIDE / 2, people))
    goal = _on_side((sides + generator.integers(1, 4, people)) % 4, generator.uniform(-SIDE / 2, SIDE / 2, people))
    speed = FRAME * generator.normal(1.3, 0.2, people).clip(0.6)
    slant = generator.normal(0, 0.5, people)
    course = _turned(_direction(goal - place), slant) * speed[:, None]
    rows = []
    for frame in range(people * ENTER + FRAMES):
        entered = np.arange(people) * ENTER
        inside = (entered <= frame) & (frame < entered + FRAMES) & (np.abs(place) <= SIDE / 2 + 0.5).all(1)
        here = np.flatnonzero(inside)
        rows += [(frame, person, *place[person]) for person in here]
        wanted = _direction(goal[here] - place[here]) * speed[here, None]
        course[here] += TURN * (wanted - course[here]) + _pushes(place[here], course[here])
        place[here] += course[here]
    table = np.array(rows)
    places = table[:, 2:] + JITTER * generator.standard_normal((len(table), 2))
    return tracks_of(table[:, 0], np.array([f"{person:g}" for person in table[:, 1]]), places)


def _pushes(place: np.ndarray, course: np.ndarray) -> np.ndarray:
    """(n, 2) what each is pushed by the others who are near and ahead."""
    away = place[:, None] - place[None]
    distance = np.linalg.norm(away, axis=2) + 1e-9
    ahead = (-away * course[:, None]).sum(2) > 0
    strength = np.where((distance < APART) & ahead, 0.06 * (1 - distance / APART), 0.0)
    np.fill_diagonal(strength, 0.0)
    pushed: np.ndarray = (strength[..., None] * away / distance[..., None]).sum(1)
    return pushed


def _on_side(side: np.ndarray, along: np.ndarray) -> np.ndarray:
    end = np.where(side % 2 == 0, -SIDE / 2, SIDE / 2)
    return np.where((side < 2)[:, None], np.stack([end, along], 1), np.stack([along, end], 1))


def _direction(vectors: np.ndarray) -> np.ndarray:
    found: np.ndarray = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)
    return found


def _turned(vectors: np.ndarray, angle: np.ndarray) -> np.ndarray:
    x, y = vectors.T
    return np.stack([np.cos(angle) * x - np.sin(angle) * y, np.sin(angle) * x + np.cos(angle) * y], 1)
