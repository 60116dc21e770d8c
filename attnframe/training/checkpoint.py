"""Checkpoints: plain values and tensors only, so that reading one can run no code.

A checkpoint is a dict with the keys of `Checkpoint`. It rebuilds its plan from the values in it, its module from plan
and facts, and so
stands alone: evaluation, prediction and a resumed run need nothing else.
"""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from attnframe.errors import CheckpointError, ConfigurationError, Fault, PluginError
from attnframe.plan import RunPlan
from attnframe.plan_from import plan_from_values
from attnframe.plugin.contract import API_VERSION, Facts
from attnframe.plugin.task_module import TaskModule
from attnframe.runs.atomic import atomic_file
from attnframe.trust import target_faults

FORMAT = "attnframe-checkpoint-1"


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """What a checkpoint file holds.

    Args:
        format: name and version of this layout.
        api_version: version of the plugin contract that it was written with.
        values: the resolved configuration. overrides: the overrides as typed.
        facts: what the module knows of its data.
        state: weights and buffers to evaluate and predict with (averaged ones where the run averages).
        step: optimiser steps done.
        metrics: the validation of these weights.
        training: what a resumed run goes on from; None in a checkpoint that is only for use.
    """

    format: str = FORMAT
    api_version: int = API_VERSION
    values: dict[str, Any]
    overrides: tuple[str, ...]
    facts: Facts
    state: dict[str, Tensor]
    step: int
    metrics: dict[str, float]
    training: dict[str, Any] | None = None

    def save(self, path: Path) -> None:
        """Write the file atomically.

        Raises:
            PluginError: when facts or state hold anything but plain values and tensors.
        """
        content = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, value in content.items():
            for where, wrong in _not_plain(value, name):
                works = "Convert it in the data module's facts or the module's state_dict."
                raise PluginError(
                    Fault(where, "must be a plain value or a tensor to be saved", type(wrong).__name__, works)
                )
        with atomic_file(path) as file:
            torch.save(content, file)


@dataclass(frozen=True)
class Loaded:
    """A checkpoint that was read, checked and understood.

    Args:
        path: the file.
        content: what it holds.
        plan: the plan of its run.
    """

    path: Path
    content: Checkpoint
    plan: RunPlan

    def build(self) -> TaskModule:
        """The module with its weights, in evaluation mode, on the CPU.

        Raises:
            CheckpointError: when the weights do not fit the module.
        """
        module = self.plan.task.build(self.plan.parts, self.content.facts)
        try:
            module.load_state_dict(self.content.state)
        except RuntimeError as error:
            got = str(error).splitlines()[1].strip() if "\n" in str(error) else str(error)
            works = "Use the version of the plugin that wrote it."
            raise CheckpointError(
                Fault(f"ckpt ({self.path})", "must hold weights that fit its model", got, works)
            ) from error
        return module.eval()


def load_checkpoint(path: Path | str) -> Loaded:
    """Read a checkpoint without running any code of it.

    Raises:
        CheckpointError: when the file is missing, truncated, no checkpoint, holds code, was written for another
            version of the plugin contract, or needs a plugin that is not installed.
    """
    path = Path(path)
    where = f"ckpt ({path})"
    content = _read(path, where)
    found = _layout_faults(content, where) or target_faults(content["values"], where)
    if found:
        raise CheckpointError(found)
    checkpoint = Checkpoint(**content)
    try:
        plan = plan_from_values(checkpoint.values, checkpoint.overrides)
    except ConfigurationError as error:
        faults = [Fault(f"{where}: {fault.where}", fault.must, fault.got, fault.works) for fault in error.faults]
        raise CheckpointError(faults) from error
    return Loaded(path, checkpoint, plan)


def _read(path: Path, where: str) -> Any:
    if not path.exists():
        raise CheckpointError(
            Fault(
                where, "must be a checkpoint file", "no such file", "A run keeps its own in RUN/checkpoints/best.ckpt."
            )
        )
    if path.is_dir():
        inside = path / "checkpoints" / "best.ckpt"
        works = f"Try ckpt={inside}." if inside.exists() else ""
        raise CheckpointError(Fault(where, "must be a checkpoint file", "a folder", works))
    try:
        if not zipfile.is_zipfile(path):
            size = f"{path.stat().st_size} bytes of something else, or cut off"
            raise CheckpointError(
                Fault(
                    where, "must be a whole checkpoint file", size, "Copy it again, or use last.ckpt of the same run."
                )
            )
        return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        works = "It was not read: reading such a file can run code. Use checkpoints that attnframe wrote."
        raise CheckpointError(
            Fault(where, "must hold only plain values and tensors", _refused_name(error), works)
        ) from error
    except (RuntimeError, EOFError, ValueError, KeyError, OSError) as error:
        got = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CheckpointError(
            Fault(where, "must be a readable checkpoint file", got, "Copy it again, or use last.ckpt of the same run.")
        ) from error


def _refused_name(error: pickle.UnpicklingError) -> str:
    """The first object that was refused, as far as torch names it."""
    for line in str(error).splitlines():
        if "GLOBAL " in line:
            return "an object of " + line.split("GLOBAL ", 1)[1].split(" ")[0].rstrip(".,")
    return "an object of another kind"


def _layout_faults(content: Any, where: str) -> list[Fault]:
    known = {field.name for field in fields(Checkpoint)}
    if not isinstance(content, Mapping) or content.get("format") != FORMAT or set(content) != known:
        got = (
            f"format {content['format']!r}"
            if isinstance(content, Mapping) and "format" in content
            else "a file of another program"
        )
        return [Fault(where, "must be a checkpoint that attnframe wrote", got, f"This version reads {FORMAT!r}.")]
    version = content["api_version"]
    if version != API_VERSION:
        works = f"Use an attnframe whose plugin API version is {version}, or train again."
        return [Fault(where, f"must be written for plugin API version {API_VERSION}", f"version {version}", works)]
    wrong = [
        f"{name}: {type(content[name]).__name__}"
        for name in ("values", "facts", "state", "metrics")
        if type(content[name]) is not dict
    ]
    return [Fault(where, "must hold mappings", ", ".join(wrong))] if wrong else []


def _not_plain(value: Any, where: str) -> list[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return [found for key, inner in value.items() for found in _not_plain(inner, f"{where}.{key}")]
    if type(value) in (list, tuple):
        return [found for index, inner in enumerate(value) for found in _not_plain(inner, f"{where}[{index}]")]
    is_plain = value is None or type(value) in (bool, int, float, str, Tensor)
    return [] if is_plain else [(where, value)]
