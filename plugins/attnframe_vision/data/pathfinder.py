"""Pictures of dashed paths with two dots, drawn at random."""

from __future__ import annotations

import math
import random

import numpy as np
import numpy.typing as npt

from attnframe.errors import DataError, Fault
from attnframe.plugin.splitting import SPLIT_SEED, TRAIN
from attnframe_vision.data.pictures import Pictures, Source

Place = tuple[int, int]
"""Row and column."""

DOT, DASH, ON, PERIOD = 255, 140, 2, 3
"""Brightness of dots and dashes; a dash is drawn for `ON` of `PERIOD` pixels."""
STEPS = ((0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1))
"""The eight ways to go on, each beside the next."""
TURN = 0.35
"""Probability that a path turns by one of them, to either side together."""
TRIES, PICTURES = 300, 20
"""Paths drawn before a picture begins anew, and pictures begun before giving up."""


class PathfinderSource(Source):
    """Pictures of `distractors` + 2 paths that do not touch. The dots lie at both ends of one path (``joined``) or at
    an end of each of two (``apart``).

    Args:
        examples: number of pictures. side: pixels of a side.
        length: pixels of a path. distractors: further paths.
    """

    name = "pathfinder"

    def __init__(self, examples: int, side: int, length: int, distractors: int) -> None:
        self.examples, self.side, self.length, self.distractors = examples, side, length, distractors

    def fingerprint(self) -> str:
        numbers = (self.examples, self.side, self.length, self.distractors)
        return f"pathfinder, {numbers}, {(DOT, DASH, ON, PERIOD, TURN)}, seed {SPLIT_SEED}"

    def read(self) -> Pictures:
        generator = random.Random(SPLIT_SEED)
        images = np.zeros((self.examples, 1, self.side, self.side), np.uint8)
        labels = np.arange(self.examples, dtype=np.int64) % 2
        for image, joined in zip(images, labels.tolist(), strict=True):
            paths = self._paths(generator)
            dots = (paths[0][0], paths[0][-1]) if joined else apart(paths[0], paths[1])
            image[0] = drawn(paths, dots, self.side)
        return Pictures(images, labels, np.full(self.examples, TRAIN, np.uint8), ("apart", "joined"))

    def _paths(self, generator: random.Random) -> list[list[Place]]:
        for _ in range(PICTURES):
            taken: set[Place] = set()
            paths: list[list[Place]] = []
            for _ in range(TRIES):
                path = path_of(generator, self.side, self.length, taken)
                if path:
                    paths.append(path)
                    taken |= {beside for place in path for beside in around(place)}
                if len(paths) == self.distractors + 2:
                    return paths
        must = f"must leave room for {self.distractors + 2} paths of data.length={self.length} that do not touch"
        raise DataError(Fault("data.side", must, str(self.side), "Raise it, or lower data.distractors."))


def path_of(generator: random.Random, side: int, length: int, taken: set[Place]) -> list[Place]:
    """The pixels of a path that touches neither what is taken nor itself; empty where it came to an end early."""
    path = [(generator.randrange(side), generator.randrange(side))]
    way = generator.randrange(len(STEPS))
    if path[0] in taken:
        return []
    while len(path) < length:
        if generator.random() < TURN:
            way = (way + generator.choice((-1, 1))) % len(STEPS)
        row, column = path[-1][0] + STEPS[way][0], path[-1][1] + STEPS[way][1]
        near = {*path[:-2]} & {*around((row, column))}
        if not (0 <= row < side and 0 <= column < side) or (row, column) in taken or near:
            return []
        path.append((row, column))
    return path


def around(place: Place) -> list[Place]:
    """A pixel and the eight beside it."""
    return [(place[0] + row, place[1] + column) for row in (-1, 0, 1) for column in (-1, 0, 1)]


def apart(first: list[Place], second: list[Place]) -> tuple[Place, Place]:
    """An end of each of two paths: the two whose distance is nearest to that of the ends of the first one, so that the
    distance of dots tells nothing."""
    wanted = math.dist(first[0], first[-1])
    ends = [(one, other) for one in (first[0], first[-1]) for other in (second[0], second[-1])]
    return min(ends, key=lambda pair: abs(math.dist(*pair) - wanted))


def drawn(paths: list[list[Place]], dots: tuple[Place, Place], side: int) -> npt.NDArray[np.uint8]:
    """(side, side) grey picture of dashed paths and dots."""
    image = np.zeros((side, side), np.uint8)
    for path in paths:
        for number, place in enumerate(path):
            if number % PERIOD < ON:
                image[place] = DASH
    for dot in dots:
        image[dot] = DOT
    return image
