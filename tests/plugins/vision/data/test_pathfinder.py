"""Pathfinder: paths, dots, and what gives the class away only by following a path."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import pytest
from attnframe_vision.data.pathfinder import DASH, DOT, PathfinderSource, apart, around, drawn, path_of
from attnframe_vision.recipes.pathfinder import Pathfinder

from attnframe.errors import ConfigurationError, DataError


def test_a_path_is_connected_and_touches_nothing() -> None:
    generator = random.Random(0)
    taken = {*around((5, 5))}
    found = [path for _ in range(400) if (path := path_of(generator, 12, 8, taken))]
    assert len(found) > 20
    for path in found:
        assert len({*path}) == 8
        assert not {*path} & taken
        steps = [max(abs(a - c), abs(b - d)) for (a, b), (c, d) in itertools.pairwise(path)]
        assert steps == [1] * 7
        for number, place in enumerate(path):
            assert {path.index(near) for near in around(place) if near in path} <= {number - 1, number, number + 1}


def test_dots_of_two_paths_are_as_far_apart_as_those_of_one() -> None:
    first, second = [(0, 0), (0, 1), (0, 2)], [(3, 0), (3, 1), (3, 9)]
    assert apart(first, second) == ((0, 0), (3, 0))


def test_dashes_leave_gaps_and_dots_are_brightest() -> None:
    image = drawn([[(0, column) for column in range(7)]], ((0, 0), (0, 6)), 7)
    assert image[0].tolist() == [DOT, DASH, 0, DASH, DASH, 0, DOT]
    assert image[1:].max() == 0


def test_classes_are_balanced_and_alike_but_for_the_paths() -> None:
    pictures = PathfinderSource(240, side=16, length=12, distractors=1).read()
    assert np.bincount(pictures.labels).tolist() == [120, 120]
    assert ((pictures.images == DOT).sum((1, 2, 3)) == 2).all()
    far = [math.dist(*np.argwhere(image[0] == DOT)) for image in pictures.images]
    means = [np.mean([d for d, label in zip(far, pictures.labels, strict=True) if label == one]) for one in (0, 1)]
    assert abs(means[0] - means[1]) < 1.0
    again = PathfinderSource(240, side=16, length=12, distractors=1).read()
    assert (again.images == pictures.images).all()


def test_what_cannot_be() -> None:
    with pytest.raises(ConfigurationError, match=r"data\.length .* must be at most 32, two sides of data\.side=16"):
        Pathfinder(length=33)
    with pytest.raises(DataError, match=r"must leave room for 6 paths of data\.length=22 that do not touch\. Got 12"):
        PathfinderSource(1, side=12, length=22, distractors=4).read()
