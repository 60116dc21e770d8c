"""Hydra sweeper of attnframe: expands the points of a sweep and settles plugin, task and data of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hydra.core.config_store import ConfigStore
from hydra.core.utils import JobReturn
from hydra.plugins.launcher import Launcher
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig

from attnframe.config.points import expand, settle


class AttnframeSweeper(Sweeper):
    """The product of all comma lists, ranges and choices, each point a job of the chosen launcher."""

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        from hydra.core.plugins import Plugins

        self.folder = Path(config.hydra.sweep.dir)
        self.extra = [Path(str(folder).removeprefix("file://")) for folder in config.hydra.searchpath]
        self.launcher: Launcher = Plugins.instance().instantiate_launcher(
            hydra_context=hydra_context, task_function=task_function, config=config
        )

    def sweep(self, arguments: list[str]) -> Sequence[JobReturn]:
        self.folder.mkdir(parents=True, exist_ok=True)
        points = [settle(point, self.extra) for point in expand(arguments)]
        return self.launcher.launch(points, initial_job_idx=0)


@dataclass
class AttnframeSweeperConfig:
    """Hydra's view of the sweeper: it has no settings."""

    _target_: str = "hydra_plugins.attnframe_sweeper.AttnframeSweeper"


ConfigStore.instance().store(group="hydra/sweeper", name="attnframe", node=AttnframeSweeperConfig, provider="attnframe")
