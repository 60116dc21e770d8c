"""One score for each variant and pattern, over cells whose metrics have different units."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from attnframe.baselines.statistics import Spread, spread


@dataclass(frozen=True)
class Measured:
    """What the variants reach in one cell.

    Args:
        sign: 1 when more is better, -1 when less is.
        values: metric by variant and seed.
    """

    sign: int
    values: Mapping[str, Mapping[int, float]]


@dataclass(frozen=True)
class Composite:
    """The score of one variant on one pattern.

    Args:
        score: mean of its standard scores over the cells, and its deviation over seeds, which is the noise of it.
        cells: in how many of the pattern's cells the variant takes part.
    """

    score: Spread
    cells: int


def composites(cells: Sequence[Measured]) -> dict[str, Composite]:
    """Scores of the variants over some cells, in the manner of CAB's compositional index
    (Zhang et al. 2023, https://arxiv.org/abs/2210.07661).

    In each cell, a variant's standard score is z = sign (x - m) / s, with m and s the mean and the deviation over the
    variants of their means over seeds. Its score for one seed is the mean of z over the cells that it takes part in;
    mean and deviation over the seeds are what is given. A cell where the variants do not differ adds 0.

    Args:
        cells: of one pattern.
    """
    scores: dict[str, dict[int, list[float]]] = {}
    for cell in cells:
        means = [statistics.fmean(by_seed.values()) for by_seed in cell.values.values() if by_seed]
        if len(means) < 2:
            continue
        middle, deviation = statistics.fmean(means), statistics.stdev(means)
        for variant, by_seed in cell.values.items():
            for seed, value in by_seed.items():
                z = cell.sign * (value - middle) / deviation if deviation else 0.0
                scores.setdefault(variant, {}).setdefault(seed, []).append(z)
    found = {}
    for variant, scored in scores.items():
        most = max(len(of_seed) for of_seed in scored.values())
        whole = [statistics.fmean(of_seed) for of_seed in scored.values() if len(of_seed) == most]
        found[variant] = Composite(spread(whole), most)
    return dict(sorted(found.items(), key=lambda one: -one[1].score.mean))
