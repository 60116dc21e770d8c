"""attnframe: one attention engine, plugins for every domain, any attention variant by one override.

Attention                    the engine's layer, a plain torch.nn part (docs/engine.md)
masks, positions             who may see whom, and where tokens stand
capture                      attention weights, or a measure of them, while a model runs as ever
compose, train, sweep, load  runs from Python: a configuration, a run, many runs, a finished run's model
testing                      check_attention and check_plugin for parts of one's own

They are imported on first use, so that `import attnframe` costs nothing. With what the modules of `PUBLIC_MODULES`
name, they are the public Python surface; docs/stability.md says what is promised of it, docs/public-api.md lists it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

PUBLIC_MODULES = (
    "attnframe",
    "attnframe.errors",
    "attnframe.recipe",
    "attnframe.testing",
    "attnframe.testing.fuzz",
    # The engine and what is built from it.
    "attnframe.masks",
    "attnframe.positions",
    "attnframe.interpretation",
    "attnframe.bridges",
    "attnframe.models",
    # Attention variants.
    "attnframe.attention.mixer",
    "attnframe.attention.cache",
    "attnframe.attention.normalisers",
    "attnframe.recipes.attention.base",
    "attnframe.recipes.capabilities",
    # Plugins.
    "attnframe.plugin.contract",
    "attnframe.plugin.data",
    "attnframe.plugin.task_module",
    "attnframe.plugin.classifier",
    "attnframe.plugin.exhibit",
    "attnframe.plugin.subject",
    "attnframe.plugin.class_scores",
    "attnframe.plugin.labels",
    "attnframe.plugin.kept",
    "attnframe.plugin.padded_split",
    "attnframe.plugin.published",
    "attnframe.plugin.splitting",
    "attnframe.plugin.tables",
    "attnframe.explanation.classes",
    "attnframe.explanation.read_out",
    "attnframe.explanation.subjects.labelled_tokens",
    "attnframe.pictures",
)
"""Modules whose public names are promised."""

_HOME = {
    "Attention": "attnframe.attention.layer",
    "capture": "attnframe.interpretation",
    "compose": "attnframe.api",
    "load": "attnframe.api",
    "sweep": "attnframe.api",
    "train": "attnframe.api",
}
_MODULES = ("masks", "positions", "testing")

__all__ = ["Attention", "__version__", "capture", "compose", "load", "masks", "positions", "sweep", "testing", "train"]

if TYPE_CHECKING:
    from attnframe import masks, positions, testing
    from attnframe.api import compose, load, sweep, train
    from attnframe.attention.layer import Attention
    from attnframe.interpretation import capture


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(f"attnframe.{name}")
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    raise AttributeError(f"module 'attnframe' has no attribute {name!r}; public names: {', '.join(__all__)}")


def __dir__() -> list[str]:
    return list(__all__)
