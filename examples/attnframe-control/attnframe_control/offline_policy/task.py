"""The task `offline_policy`: what to do next, learnt from recorded trajectories. Torch-free."""

from typing import Any, ClassVar

from attnframe.plugin.contract import Facts, ModelRecipe, Monitor, Parts, Task
from attnframe.recipes.capabilities import Needs
from attnframe_control.offline_policy.recipes import (
    CartPoleTrajectories,
    DecisionTransformer,
    MemoryTrajectories,
    PolicyPredict,
    TrajectoryFile,
)


class OfflinePolicy(Task):
    """The next action, given a return to reach and what was seen and done (Decision Transformer, Chen et al. 2021,
    https://arxiv.org/abs/2106.01345). Its test figure is the return of roll-outs in the environment.
    """

    name = "offline_policy"
    summary = "what to do next for a wished return, learnt from recorded trajectories (Decision Transformer 2021)"
    monitor = Monitor("loss", "min")
    models: ClassVar = {DecisionTransformer.name: DecisionTransformer}
    datasets: ClassVar = {data.name: data for data in (CartPoleTrajectories, MemoryTrajectories, TrajectoryFile)}
    predict = PolicyPredict

    def needs(self, model: ModelRecipe) -> Needs:
        return Needs(causal=True)

    def build(self, parts: Parts, facts: Facts) -> Any:
        from attnframe_control.offline_policy.module import Policy

        return Policy(parts, facts)
