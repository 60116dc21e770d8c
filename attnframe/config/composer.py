"""Hydra's composition of one point, and what Hydra says when it fails."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hydra import compose, initialize
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from hydra.core.plugins import Plugins
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from attnframe.config.literal import literal
from attnframe.errors import ConfigurationError, Fault
from hydra_plugins.attnframe_search_path import AttnframeSearchPath
from hydra_plugins.attnframe_sweeper import AttnframeSweeper

CONFIG_NAME = "config"
VERSION_BASE = "1.3"


def register_hydra_plugins() -> None:
    """Make search path and sweeper known to Hydra also where its own scan does not find them."""
    for plugin in (AttnframeSearchPath, AttnframeSweeper):
        Plugins.instance().register(plugin)


@contextlib.contextmanager
def composition() -> Iterator[None]:
    """The state in which `compose_point` works; Hydra's global state is restored afterwards."""
    register_hydra_plugins()
    config, hydra = HydraConfig.instance().cfg, GlobalHydra.instance().hydra
    GlobalHydra.instance().clear()
    try:
        with initialize(version_base=VERSION_BASE, config_path=None, job_name="attnframe"):
            yield
    finally:
        HydraConfig.instance().cfg, GlobalHydra.instance().hydra = config, hydra


def compose_point(overrides: Sequence[str]) -> DictConfig:
    """Compose settled overrides without sweeps, Hydra's own node included.

    Raises:
        ConfigurationError: with Hydra's reason, in one line.
    """
    try:
        return compose(CONFIG_NAME, list(overrides), return_hydra_config=True)
    except (HydraException, OmegaConfBaseException) as error:
        raise ConfigurationError(_fault(error)) from None


def plain(config: DictConfig) -> dict[str, Any]:
    """A composed configuration as plain resolved values, without Hydra's own node.

    Raises:
        ConfigurationError: when an interpolation cannot be resolved.
    """
    own = OmegaConf.masked_copy(config, [str(key) for key in config if key != "hydra"])
    try:
        values = OmegaConf.to_container(own, resolve=True)
    except OmegaConfBaseException as error:
        raise ConfigurationError(_fault(error)) from None
    assert isinstance(values, dict)
    return {str(key): value for key, value in values.items()}


def search_path_override(folders: Sequence[Path]) -> list[str]:
    """Overrides that let Hydra find further folders of options."""
    return [f"hydra.searchpath=[{','.join(literal(f'file://{folder}') for folder in folders)}]"] if folders else []


def _fault(error: Exception) -> Fault:
    parts = [str(error), str(error.__cause__ or "")]
    lines = [line.strip() for part in parts for line in part.splitlines() if line.strip()]
    return Fault("the configuration", "cannot be composed", "", " ".join(dict.fromkeys(lines)))
