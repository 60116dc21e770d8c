"""A whole run: data, fit, test of the best checkpoint, floor and control, and the result, whatever happens."""

from __future__ import annotations

import json
import logging
import resource
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import torch

from attnframe.errors import ConfigurationError, RunError
from attnframe.plan import RunPlan
from attnframe.plan_from import plan_from_values
from attnframe.plugin.data import DataModule
from attnframe.plugin.task_module import TaskModule
from attnframe.recipe import hints
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.runs.atomic import write_text
from attnframe.runs.environment import describe_environment
from attnframe.runs.folder import RunFolder
from attnframe.runs.result import new_result, result_table
from attnframe.training.checkpoint import Loaded, load_checkpoint
from attnframe.training.exhibition import Exhibition
from attnframe.training.failures import is_out_of_memory, out_of_memory
from attnframe.training.loggers import logger_faults
from attnframe.training.pretrained import Pretrained, take_weights
from attnframe.training.random_state import seed_everything
from attnframe.training.scoring import device_faults, device_of, test_metrics
from attnframe.trust import target_faults

log = logging.getLogger("attnframe")


def train(plan: RunPlan, folder: Path) -> dict[str, Any]:
    """Train a plan, test its best checkpoint and write its run folder; prints the result.

    Args:
        plan: the run.
        folder: the run folder; made here, unless its configuration is already in it.

    Returns:
        What `result.json` holds.

    Raises:
        ConfigurationError: when data or plan turn out wrong before anything was trained; no run folder is left then.
        RunError: when the run failed.
        KeyboardInterrupt: after Ctrl-C; the run can be resumed.
    """
    result = _execute(plan, RunFolder(Path(folder)))
    print(result_table(result))
    return result


def resume(folder: Path) -> dict[str, Any]:
    """Go on with a run that was stopped at any moment; a finished run only prints its result.

    Raises:
        ConfigurationError: when the folder is no run.
        RunError, KeyboardInterrupt: as `train`.
    """
    run_folder = RunFolder(Path(folder))
    values, overrides = run_folder.read_config()
    result = run_folder.read_result()
    if result is None or result["status"] != "ok":
        faults = target_faults(values, "config.yaml")
        if faults:
            raise ConfigurationError(faults)
        result = _execute(plan_from_values(values, overrides), run_folder)
    print(result_table(result))
    return result


def control_plan(plan: RunPlan) -> RunPlan:
    """The plan of the control: same model and budget, with uniform weights, which no position bias could change."""
    values = plan.values
    shared = {name: values["attention"][name] for name in hints(AttentionVariant) if name in values["attention"]}
    position = {"name": "none"} if plan.parts.position.view == "bias" else values["position"]
    changed = {"attention": {"name": "none", **shared}, "position": position, "control": False, "floor": False}
    return plan_from_values({**values, **changed}, plan.overrides)


def _execute(plan: RunPlan, folder: RunFolder) -> dict[str, Any]:
    folder.begin(plan.values, plan.overrides)
    result = new_result(plan)
    with _log_to(folder.log):
        try:
            _run(plan, folder, result)
            result["status"] = "ok"
        except ConfigurationError as error:
            if folder.is_fresh():
                folder.withdraw()
                raise
            raise _failed(result, folder, error, plan) from error
        except (KeyboardInterrupt, SystemExit) as error:
            result["status"], result["error"] = "interrupted", type(error).__name__
            print(f"Interrupted. Go on with: attnframe train resume={folder.path}", file=sys.stderr)
            raise
        except Exception as error:
            raise _failed(result, folder, error, plan) from error
        finally:
            result["peak_memory_bytes"] = _peak_memory(plan)
            if folder.config.exists():
                folder.write_result(result)
    return result


def _run(plan: RunPlan, folder: RunFolder, result: dict[str, Any]) -> None:
    faults = [*device_faults(plan.trainer), *logger_faults(plan.logger)]
    if faults:
        raise ConfigurationError(faults)
    control = control_plan(plan) if plan.control else None
    # Read before the data, which may take minutes: what is wrong with it is told at once.
    source = None if plan.ckpt is None or folder.last.exists() else load_checkpoint(plan.ckpt)
    data = plan.data.build(data_dir=plan.data_dir, cache_dir=plan.cache_dir, seed=plan.seed)
    data.setup()
    result["protocol"] = dict(data.protocol)
    _write_environment(plan, folder, data)
    _fit(plan, folder, data, source, result)
    _test(plan, folder, data, result)
    if plan.floor:
        result["floor"] = data.floor() or None
    if control is not None:
        result["control"] = _control_metrics(control, folder.control)


def _fit(plan: RunPlan, folder: RunFolder, data: DataModule, source: Loaded | None, result: dict[str, Any]) -> None:
    """Fit, unless an earlier process of this run has finished it."""
    from attnframe.training.fit import fit  # Lightning is imported once the data is known to be right

    seed_everything(plan.seed)
    resumed = load_checkpoint(folder.last) if folder.last.exists() else None
    pretrained = Pretrained()
    if resumed is None:
        task = plan.task.build(plan.parts, data.facts)
        task.initialise(data.train)
        if source is not None:
            pretrained = _begin_with(source, plan, task)
    else:
        task = resumed.build()
    result["parameters"] = sum(parameter.numel() for parameter in task.parameters())
    state = None if resumed is None else resumed.content.training
    if state is None or not state["finished"]:
        fit(plan, task, data, folder, resumed, pretrained.names)
        state = load_checkpoint(folder.last).content.training
    assert state is not None  # last.ckpt always holds what a run goes on from
    progress = state["progress"]
    result["steps"], result["epochs"] = progress["steps"], state["epochs"]
    result["seconds"] = round(progress["seconds"], 3)
    result["throughput"] = round(progress["examples"] / max(progress["training_seconds"], 1e-9), 1)
    result["data_wait"] = round(progress["data_wait"], 4)


def _begin_with(source: Loaded, plan: RunPlan, task: TaskModule) -> Pretrained:
    """Take the weights of a checkpoint, and say how many."""
    found = take_weights(task, source)
    if plan.optim.pretrained_lr_ratio == 0 and not found.fresh:
        must = "must be above 0, for ckpt gave every weight and nothing would be trained"
        raise ConfigurationError(plan.optim.fault("pretrained_lr_ratio", must, "Try 0.1."))
    number = sum(parameter.numel() for parameter in task.parameters())
    fresh = f"; new: {', '.join(found.fresh[:8])}{' …' * (len(found.fresh) > 8)}" if found.fresh else ""
    told = f"{source.path} gave {found.taken:,} of {number:,} parameters{fresh}"
    log.info("%s", told)
    print(f"attnframe: {told}", file=sys.stderr)
    return found


def _test(plan: RunPlan, folder: RunFolder, data: DataModule, result: dict[str, Any]) -> None:
    """Test the best checkpoint as `attnframe evaluate` does; what a report shows of it comes after the clock."""
    began = perf_counter()
    module = load_checkpoint(folder.best).build()
    exhibition = Exhibition(module)
    result["metrics"] = test_metrics(plan, module, data, exhibition.look)
    result["checkpoint"] = str(folder.best)
    result["seconds"] = round(result["seconds"] + perf_counter() - began, 3)
    exhibition.write(plan, folder, data)


def _control_metrics(plan: RunPlan, folder: RunFolder) -> dict[str, Any]:
    finished = folder.read_result()
    if finished is None or finished["status"] != "ok":
        finished = _execute(plan, folder)
    return {"name": "attention=none", **finished["metrics"]}


def _write_environment(plan: RunPlan, folder: RunFolder, data: DataModule) -> None:
    device = device_of(plan.trainer)
    name = torch.cuda.get_device_name() if device.type == "cuda" else "cpu"
    environment = describe_environment(
        device=name, threads=torch.get_num_threads(), seed=plan.seed, data_hash=data.digest, plugin=plan.plugin.name
    )
    write_text(folder.environment, json.dumps(environment, indent=2, ensure_ascii=False) + "\n")


def _failed(result: dict[str, Any], folder: RunFolder, error: Exception, plan: RunPlan) -> RunError:
    """Note a failure in result and log; the error to raise says where the trace is."""
    if isinstance(error, RunError):
        reason = str(error)
    elif is_out_of_memory(error):
        reason = str(out_of_memory(plan))
    else:
        text = " ".join(str(error).split()).rstrip(".")
        reason = f"The run failed: {type(error).__name__}: {text}."
    result["status"], result["error"] = "failed", reason
    log.debug("%s", "".join(traceback.format_exception(error)))
    return RunError(f"{reason} The trace is in {folder.log}.")


def _peak_memory(plan: RunPlan) -> int:
    """Most bytes held at once: of the device's memory on a GPU, else of the process."""
    if device_of(plan.trainer).type == "cuda" and torch.cuda.is_available():
        return int(torch.cuda.max_memory_allocated())
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage counts bytes on macOS, kilobytes on Linux
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


@contextmanager
def _log_to(path: Path) -> Iterator[None]:
    """Write what attnframe logs to a file as well, traces included."""
    handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    handler.setLevel(logging.DEBUG)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
        handler.close()
