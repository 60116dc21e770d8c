"""Behaviour cloning without memory: the simple methods that a sequence model must beat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from attnframe.plugin.contract import Facts
from attnframe_control.offline_policy.network import StateEmbedding
from attnframe_control.offline_policy.rollouts import test_score
from attnframe_control.offline_policy.trajectories import Trajectories
from attnframe_control.offline_policy.worlds import world_of

BEST: Final = 0.1
"""Share of the trajectories that filtered cloning learns from, those with the highest returns."""
WIDTH, STEPS, BATCH = 64, 800, 128


def cloned(whole: Trajectories, members: Sequence[Any], facts: Facts) -> dict[str, Any]:
    """A network of one hidden layer that tells the action from the state, learnt from the best tenth of the training
    trajectories (filtered behaviour cloning; Chen et al. 2021, https://arxiv.org/abs/2106.01345, section 4), and
    beside it one learnt from all.

    Args:
        whole: the trajectories. members: those of train, val and test.
        facts: of the data.
    """
    train, _, test = members
    order = train[np.argsort(-whole.returns[train], kind="stable")]
    best = order[: max(round(BEST * len(order)), 1)]
    return {
        "name": f"cloning of the best {BEST:.0%} without memory",
        **_scored(_fitted(whole, whole.chosen(best), facts), whole, test, facts),
        "others": {"cloning of all": _scored(_fitted(whole, whole.chosen(train), facts), whole, test, facts)},
    }


@torch.no_grad()
def _scored(network: nn.Module, whole: Trajectories, test: Any, facts: Facts) -> dict[str, float]:
    """The test figures of a network."""
    world = world_of(facts)
    steps = whole.chosen(test)
    logits = network(torch.from_numpy(whole.states[steps]))
    actions = torch.from_numpy(whole.actions[steps])
    found = {
        "test/loss": F.cross_entropy(logits, actions).item(),
        "test/accuracy": (logits.argmax(1) == actions).double().mean().item(),
    }
    if world.environment is not None:
        found[f"test/{world.scored}"] = test_score(world, lambda seen: network(seen.states[:, -1]).argmax(1), 1)
    return found


def _fitted(whole: Trajectories, steps: Any, facts: Facts) -> nn.Module:
    """A small network trained on some steps, from seed 0."""
    states, actions = torch.from_numpy(whole.states[steps]), torch.from_numpy(whole.actions[steps])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = nn.Sequential(
            StateEmbedding(facts, WIDTH),
            nn.GELU(),
            nn.Linear(WIDTH, WIDTH),
            nn.GELU(),
            nn.Linear(WIDTH, len(facts["actions"])),
        )
        optimiser = torch.optim.AdamW(network.parameters(), 1e-3)
        for _ in range(STEPS):
            rows = torch.randint(len(actions), (BATCH,))
            loss = F.cross_entropy(network(states[rows]), actions[rows])
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
    return network.eval()
