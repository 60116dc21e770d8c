"""Distances of series that may run at other speeds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def warped_distances(
    one: npt.NDArray[np.floating],
    one_lengths: npt.NDArray[np.int64],
    other: npt.NDArray[np.floating],
    other_lengths: npt.NDArray[np.int64],
) -> npt.NDArray[np.float64]:
    r"""Dynamic time warping of all pairs (Sakoe and Chiba 1978, https://doi.org/10.1109/TASSP.1978.1163055), all
    channels together.

    .. math:: D(i, j) = \| a_i - b_j \|^2 + \min(D(i - 1, j), D(i, j - 1), D(i - 1, j - 1))

    Args:
        one: (N, T, C). one_lengths: (N,) steps that are real.
        other: (M, T, C). other_lengths: (M,).

    Returns:
        (N, M) costs of the best paths, squared distances.
    """
    count, steps = len(other), other.shape[1]
    pairs = np.arange(count)
    found = np.zeros((len(one), count))
    one, other = one.astype(np.float64), other.astype(np.float64)
    flat, squares = other.reshape(count * steps, -1).T, np.square(other).sum(-1)
    above = np.full((len(one), count, steps + 1), np.inf)
    above[..., 0] = 0
    for i in range(int(one_lengths.max())):
        row = np.full_like(above, np.inf)
        products = (one[:, i] @ flat).reshape(len(one), count, steps)
        cost = np.square(one[:, i]).sum(-1)[:, None, None] + squares - 2 * products  # (N, M, T)
        least = np.minimum(above[..., :-1], above[..., 1:])
        for j in range(steps):
            row[..., j + 1] = cost[..., j] + np.minimum(least[..., j], row[..., j])
        ended = one_lengths - 1 == i
        found[ended] = row[ended][:, pairs, other_lengths]
        above = row
    return found
