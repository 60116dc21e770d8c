"""The task `motor_control`: what comes of the state of a motor system. Torch-free."""

from typing import Any, ClassVar

from attnframe.plugin.contract import Facts, ModelRecipe, Monitor, Parts, Task
from attnframe.recipes.capabilities import Needs
from attnframe_control.motor_control.recipes import Kin8nm, MotorCsv, PlanarArm, Reacher


class MotorControl(Task):
    """A number that follows from others, such as the place of a hand from the angles of joints; every number is a token
    (FT-Transformer, Gorishniy et al. 2021, https://arxiv.org/abs/2106.11959).
    """

    name = "motor_control"
    summary = "where an arm's end is, from the angles of its joints; every number a token (FT-Transformer 2021)"
    monitor = Monitor("rmse", "min")
    datasets: ClassVar = {data.name: data for data in (PlanarArm, Kin8nm, Reacher, MotorCsv)}

    def needs(self, model: ModelRecipe) -> Needs:
        return Needs(noncausal=True)

    def build(self, parts: Parts, facts: Facts) -> Any:
        from attnframe_control.motor_control.module import Motor

        return Motor(parts, facts)
