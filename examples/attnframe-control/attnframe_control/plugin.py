"""The declaration: the tasks that there are. Torch is imported inside their `build`, so that listing is quick."""

from typing import ClassVar

from attnframe.plugin.contract import Plugin
from attnframe_control.motor_control.task import MotorControl
from attnframe_control.offline_policy.task import OfflinePolicy
from attnframe_control.path_planning.task import PathPlanning
from attnframe_control.trajectory_prediction.task import TrajectoryPrediction

TASKS = (OfflinePolicy(), MotorControl(), TrajectoryPrediction(), PathPlanning())


class ControlPlugin(Plugin):
    """Decision and control: policies from recorded trajectories, paths of pedestrians, plans, motors."""

    name = "control"
    api_version = 1
    tasks: ClassVar = {task.name: task for task in TASKS}
