"""Prefix beam search under CTC."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import numpy.typing as npt

from attnframe_speech.letters import BLANK

LEAST = -10.0
"""Log probability below which a letter is not tried at a position."""
_NEVER = -math.inf


def prefix_beam(log_probabilities: npt.NDArray[np.float32], beam: int) -> list[tuple[tuple[int, ...], float]]:
    """The likeliest texts, all their paths summed (Hannun et al. 2014, https://arxiv.org/abs/1408.2873).

    Each prefix keeps two numbers: the log probability of its paths that end in a blank, and of those that end in its
    last letter. A letter equal to the last one starts anew only after a blank.

    Args:
        log_probabilities: (T, V) of one recording. beam: prefixes kept at each position, at least 1.

    Returns:
        At most `beam` texts as numbers, likeliest first, with their log probability.
    """
    beams: dict[tuple[int, ...], tuple[float, float]] = {(): (0.0, _NEVER)}
    for row in log_probabilities:
        tried = [(letter, float(row[letter])) for letter in np.flatnonzero(row > LEAST).tolist() if letter != BLANK]
        blank = float(row[BLANK])
        after: dict[tuple[int, ...], list[float]] = defaultdict(lambda: [_NEVER, _NEVER])
        for prefix, (ends_blank, ends_letter) in beams.items():
            both = _add(ends_blank, ends_letter)
            same = after[prefix]
            same[0] = _add(same[0], both + blank)
            if prefix:
                same[1] = _add(same[1], ends_letter + float(row[prefix[-1]]))
            for letter, score in tried:
                written = (*prefix, letter)
                longer = after[written]
                before = ends_blank if prefix and prefix[-1] == letter else both
                longer[1] = _add(longer[1], before + score)
        kept = sorted(after.items(), key=lambda one: _add(*one[1]), reverse=True)[:beam]
        beams = {prefix: (scores[0], scores[1]) for prefix, scores in kept}
    return [(prefix, _add(*scores)) for prefix, scores in beams.items()]


def _add(first: float, second: float) -> float:
    """log(exp(first) + exp(second))."""
    if first < second:
        first, second = second, first
    return first if second == _NEVER else first + math.log1p(math.exp(second - first))
