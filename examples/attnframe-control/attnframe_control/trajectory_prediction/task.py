"""The task `trajectory_prediction`: where pedestrians walk next. Torch-free."""

from typing import Any, ClassVar

from attnframe.plugin.contract import Facts, ModelRecipe, Monitor, Parts, Task
from attnframe.recipes.capabilities import Needs
from attnframe_control.trajectory_prediction.recipes import Crowd, EthUcy, TracksFile


class TrajectoryPrediction(Task):
    """One path for each pedestrian from the places seen before (Giuliari et al. 2020,
    https://arxiv.org/abs/2003.08111), as what departs from constant velocity (Schöller et al. 2020,
    https://arxiv.org/abs/1903.07933).
    """

    name = "trajectory_prediction"
    summary = "where pedestrians walk next, from where they were (Transformer TF 2020)"
    monitor = Monitor("ade", "min")
    datasets: ClassVar = {data.name: data for data in (Crowd, EthUcy, TracksFile)}

    def needs(self, model: ModelRecipe) -> Needs:
        return Needs(noncausal=True)

    def build(self, parts: Parts, facts: Facts) -> Any:
        from attnframe_control.trajectory_prediction.module import Walker

        return Walker(parts, facts)
