"""The task `path_planning`: the next move towards a goal, from every cell of a map. Torch-free."""

from typing import Any, ClassVar

from attnframe.plugin.contract import Facts, ModelRecipe, Monitor, Parts, Task
from attnframe.recipes.capabilities import Needs
from attnframe_control.path_planning.recipes import MapsFile, MpPlanning, PlanTransformer, SmallMazes


class PathPlanning(Task):
    """The next move towards a goal from every cell of a map, learnt from shortest paths, so that who follows it needs
    no search; its test figure is the share of starts from which that leads to the goal.
    """

    name = "path_planning"
    summary = "the next move towards a goal from every cell of a map (TransPath 2023)"
    monitor = Monitor("success", "max")
    models: ClassVar = {PlanTransformer.name: PlanTransformer}
    datasets: ClassVar = {data.name: data for data in (SmallMazes, MpPlanning, MapsFile)}
    provides = frozenset({"order", "grid"})

    def needs(self, model: ModelRecipe) -> Needs:
        return Needs(noncausal=True)

    def build(self, parts: Parts, facts: Facts) -> Any:
        from attnframe_control.path_planning.module import Planner

        return Planner(parts, facts)
