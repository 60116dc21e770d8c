"""Hydra's own program: it makes folders, carries jobs to its launchers, and shows what it composed. Torch-free."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import hydra
from omegaconf import DictConfig

from attnframe.config.composer import CONFIG_NAME, VERSION_BASE, register_hydra_plugins


def through_hydra(words: Sequence[str], job: Callable[[DictConfig], None], config_name: str = CONFIG_NAME) -> None:
    """Hand words to Hydra, which makes the run folder and calls the job once or often, or only shows something.

    Args:
        words: overrides and options, as on a command line.
        job: called with each composed configuration, in whatever process the launcher chose.
        config_name: the configuration that is composed.
    """
    register_hydra_plugins()
    typed = sys.argv

    @hydra.main(version_base=VERSION_BASE, config_path=None, config_name=config_name)
    def program(config: DictConfig) -> None:
        sys.argv = typed  # what the run notes as its command is what the user typed
        job(config)

    sys.argv = ["attnframe", *words]
    try:
        program()
    finally:
        sys.argv = typed
