"""Sessions drawn from a second-order Markov process, whose best possible ranking is known."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from attnframe_recommendation.data.floor import figures
from attnframe_recommendation.data.histories import Evaluated
from attnframe_recommendation.data.interactions import Interactions

SEED = 0
"""The sessions are the same for every run."""
GROUPS, ITEMS_OF_GROUP = 6, 12
SHORTEST, LONGEST = 6, 16
FAITHFUL = 0.85
"""Probability that an item comes from the group that the last two ask for, before what was taken is left out."""
FADING = 0.85
"""How much less likely an item of a group is than the one before it."""


def weights(before_last: npt.NDArray[np.int64], last: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    r"""(n, V + 1) how likely each item comes next, up to what was taken already.

    With g(x) the group of an item, :math:`p(x \mid a, b) \propto f [g(x) = g(a) + g(b)] + \frac{1 - f}{G}` times a
    weight that fades within the group; sums of groups are taken modulo G.

    Args:
        before_last: (n,) items a from 1. last: (n,) items b from 1.
    """
    items = np.arange(GROUPS * ITEMS_OF_GROUP)
    group, place = items // ITEMS_OF_GROUP, items % ITEMS_OF_GROUP
    wanted = ((before_last - 1) // ITEMS_OF_GROUP + (last - 1) // ITEMS_OF_GROUP) % GROUPS
    asked = FAITHFUL * (group == wanted[:, None]) + (1 - FAITHFUL) / GROUPS
    found = asked * FADING**place
    return np.concatenate([np.zeros((len(last), 1)), found / found.sum(1, keepdims=True)], 1)


def generated_sessions(users: int) -> Interactions:
    """Sessions of 6 to 16 of 72 items; none is taken twice in a session.

    The first two items are drawn uniformly, every other one by `weights` among those that are left.
    """
    generator = np.random.default_rng(SEED)
    number = GROUPS * ITEMS_OF_GROUP
    counts = generator.integers(SHORTEST, LONGEST + 1, users)
    taken = np.zeros((users, LONGEST), np.int64)
    free = np.ones((users, number + 1))
    free[:, 0] = 0
    rows = np.arange(users)
    for step in range(LONGEST):
        chances = free * (1.0 if step < 2 else weights(taken[:, step - 2], taken[:, step - 1]))
        shares = np.cumsum(chances, 1)
        taken[:, step] = (shares < generator.random((users, 1)) * shares[:, -1:]).sum(1)
        free[rows, taken[:, step]] = 0
    return Interactions(
        users=tuple(f"user {user}" for user in range(users)),
        items=tuple(f"item {item}" for item in range(number)),
        taken=taken[np.arange(LONGEST) < counts[:, None]],
        counts=counts.astype(np.int64),
        titles=tuple(f"Number {i % ITEMS_OF_GROUP + 1} of group {i // ITEMS_OF_GROUP + 1}" for i in range(number)),
    )


def best_possible(data: Interactions, test: Evaluated) -> Mapping[str, float]:
    """Test figures of a ranking by the probabilities of the process itself: no method can expect more (the Bayes
    optimum)."""

    def probabilities(batch: dict[str, Tensor]) -> Tensor:
        at = batch["lengths"].unsqueeze(1)
        last, before = (batch["items"].gather(1, at - back).squeeze(1).numpy() for back in (1, 2))
        return torch.from_numpy(weights(before, last))

    return {name.removeprefix("test/"): value for name, value in figures(test, probabilities).items()}
