"""From resolved configuration values to the plan of a run: the schema and meaning passes of validation. Torch-free."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar

from attnframe.errors import ConfigurationError, Fault, did_you_mean
from attnframe.plan import LoggerName, RunPlan
from attnframe.plugin.choice import model_fault
from attnframe.plugin.contract import DEFAULT_MODEL, ModelRecipe, Parts, Plugin, Task
from attnframe.plugin.discovery import load_plugin
from attnframe.plugin.pairs import Choices, part_faults
from attnframe.recipe import Between, Recipe, construct, frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.optim import OptimRecipe
from attnframe.recipes.position.base import PositionScheme
from attnframe.recipes.registry import attention_variants, position_schemes, variant_from_file
from attnframe.recipes.trainer import TrainerRecipe

NODES = ("attention", "position", "model", "data", "optim", "trainer")
"""Keys of a configuration that hold the fields of a chosen recipe."""

R = TypeVar("R", bound=Recipe)
T = TypeVar("T")


@frozen
class RunRecipe(Recipe):
    """Settings of a run as a whole.

    Args:
        seed: seed of weights, order and augmentation.
        floor: compute the simple method beside.
        control: train the same model with ``attention=none`` beside.
        logger: loggers besides metrics.csv, which is always written.
        ckpt: checkpoint whose weights the run begins with, as far as they fit; null for fresh ones.
        data_dir: root of the datasets; null for the environment variable ATTNFRAME_DATA_DIR, else the platform's cache
            folder.
    """

    where: ClassVar[str] = ""

    seed: Annotated[int, Between(0, 2**32 - 1)] = 0
    floor: bool = True
    control: bool = False
    logger: tuple[LoggerName, ...] = ()
    ckpt: str | None = None
    data_dir: str | None = None


def plan_from_values(values: Mapping[str, Any], overrides: Sequence[str] = ()) -> RunPlan:
    """Check resolved values and make the plan of a run.

    Args:
        values: the resolved configuration, plain values only; see docs/decisions/0002-configuration.md.
        overrides: the overrides as typed, kept with the plan.

    Raises:
        ConfigurationError: with every fault of schema and meaning at once.
    """
    faults: list[Fault] = []

    def attempt(make: Callable[[], T]) -> T | None:
        try:
            return make()
        except ConfigurationError as error:
            faults.extend(error.faults)
            return None

    run_fields = {key: value for key, value in values.items() if key not in (*NODES, "plugin", "task")}
    run = attempt(lambda: construct(RunRecipe, run_fields))
    plugin, task = task_of(values)  # nothing else of the configuration has a meaning without the task
    nodes = {node: _node(values, node, faults) for node in NODES}
    attention = attempt(lambda: _build(attention_class(nodes["attention"]), nodes["attention"]))
    position = attempt(lambda: _build(position_class(nodes["position"]), nodes["position"]))
    model = attempt(lambda: _build(_model(task, nodes["model"]), nodes["model"]))
    data = attempt(lambda: _build(_named("data", task.datasets, nodes["data"], f" of task={task.name}"), nodes["data"]))
    optim = attempt(lambda: construct(OptimRecipe, nodes["optim"]))
    trainer = attempt(lambda: construct(TrainerRecipe, nodes["trainer"]))
    parts = Parts(attention, position, model) if attention and position and model else None
    if parts is not None and data is not None:
        faults += part_faults(task, parts, data, Choices(attention_variants(), position_schemes()))
    if run is not None and run.ckpt is None and optim is not None and optim.pretrained_lr_ratio != 1:
        faults.append(
            optim.fault("pretrained_lr_ratio", "must be 1 in a run that begins with fresh weights", "Give ckpt=FILE.")
        )
    if run is None or optim is None or trainer is None or parts is None or data is None or faults:
        raise ConfigurationError(faults)
    return RunPlan(
        plugin=plugin,
        task=task,
        parts=parts,
        data=data,
        optim=optim,
        trainer=trainer,
        logger=run.logger,
        seed=run.seed,
        floor=run.floor,
        control=run.control,
        ckpt=None if run.ckpt is None else Path(run.ckpt).absolute(),
        data_dir=data_folder(run.data_dir),
        cache_dir=cache_folder(),
        values=dict(values),
        overrides=tuple(overrides),
    )


def task_of(values: Mapping[str, Any]) -> tuple[Plugin, Task]:
    """The plugin and the task that values name.

    Raises:
        ConfigurationError: when either is missing, unknown or broken.
    """
    for key in ("plugin", "task"):
        if not isinstance(values.get(key), str):
            raise ConfigurationError(Fault(key, "must be given", repr(values.get(key))))
    plugin = load_plugin(values["plugin"])
    name = values["task"]
    if name not in plugin.tasks:
        must = f"is not a task of plugin={plugin.name}"
        raise ConfigurationError(Fault(f"task={name}", must, "", did_you_mean(name, list(plugin.tasks))))
    return plugin, plugin.tasks[name]


def attention_class(node: Mapping[str, Any]) -> type[AttentionVariant]:
    """The variant that a node names: by `file` when it came from one, else by `name`."""
    file = node.get("file")
    if file is None:
        return _named("attention", attention_variants(), node)
    variant = variant_from_file(Path(file))
    if variant.name != node.get("name"):
        must = f"must define the variant {node.get('name')!r}"
        raise ConfigurationError(Fault(f"attention.file={file}", must, repr(variant.name)))
    return variant


def position_class(node: Mapping[str, Any]) -> type[PositionScheme]:
    """The scheme that a node names."""
    return _named("position", position_schemes(), node)


def data_folder(given: str | None) -> Path:
    """The root of the datasets: as given, else the variable ATTNFRAME_DATA_DIR, else the platform's cache folder."""
    text = given or os.environ.get("ATTNFRAME_DATA_DIR")
    return Path(text).absolute() if text else _user_cache() / "data"


def cache_folder() -> Path:
    """The root of derived files: the variable ATTNFRAME_CACHE_DIR, else in the platform's cache folder."""
    text = os.environ.get("ATTNFRAME_CACHE_DIR")
    return Path(text).absolute() if text else _user_cache() / "derived"


def _user_cache() -> Path:
    import platformdirs  # here, since completion at the prompt needs none of it

    return Path(platformdirs.user_cache_dir("attnframe", appauthor=False))


def _node(values: Mapping[str, Any], node: str, faults: list[Fault]) -> Mapping[str, Any]:
    fields = values.get(node, {})
    if isinstance(fields, Mapping):
        return fields
    faults.append(Fault(node, "must be a mapping of fields", repr(fields)))
    return {}


def _named(group: str, known: Mapping[str, type[R]], node: Mapping[str, Any], of: str = "") -> type[R]:
    name = str(node.get("name"))
    if name in known:
        return known[name]
    raise ConfigurationError(Fault(f"{group}={name}", f"is not an option{of}", "", did_you_mean(name, list(known))))


def _model(task: Task, node: Mapping[str, Any]) -> type[ModelRecipe]:
    """The model that a node names; the default where it names none."""
    name = str(node.get("name", DEFAULT_MODEL))
    fault = model_fault(task, name)
    if fault is not None:
        raise ConfigurationError(fault)
    return task.models[name]


def _build(recipe: type[R], node: Mapping[str, Any]) -> R:
    return construct(recipe, {key: value for key, value in node.items() if key not in ("name", "file")})
