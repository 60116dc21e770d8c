"""`kill -9` at any moment: the resumed run ends with the same bits as the one that was left alone."""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from attnframe.training.run import resume, train

CONTEXT = multiprocessing.get_context("forkserver")
SETTINGS = {
    "model__dropout": 0.1,
    "optim__ema": 0.95,
    "optim__accumulate": 2,
    "trainer__max_epochs": 6,
    "trainer__log_every_steps": 3,
    "trainer__patience": 30,
    "optim__schedule": "plateau",
    "optim__plateau_patience": 1,
}


def outcome(folder: Path) -> dict[str, Any]:
    """All that must not depend on whether a run was killed: metrics, log and weights, but not the clock."""
    result = json.loads((folder / "result.json").read_text())
    with open(folder / "metrics.csv", newline="") as file:
        rows = [{name: value for name, value in row.items() if name != "seconds"} for row in csv.DictReader(file)]
    states = {}
    for name in ("best", "last"):
        content = torch.load(folder / "checkpoints" / f"{name}.ckpt", weights_only=True)
        states[name] = (content["step"], content["metrics"], {key: x.tolist() for key, x in content["state"].items()})
    return {"status": result["status"], "metrics": result["metrics"], "steps": result["steps"], "rows": rows} | {
        "states": repr(states)
    }


def start(target: str, *arguments: Any) -> Any:
    """A process that runs a function of the toy plugin, forked from a server that has imported everything."""
    import attnframe_toy.process

    CONTEXT.set_forkserver_preload(["attnframe_toy.process"])
    process = CONTEXT.Process(target=getattr(attnframe_toy.process, target), args=arguments)
    process.start()
    return process


def kill(process: Any) -> None:
    if process.is_alive():
        os.kill(process.pid, signal.SIGKILL)
    process.join()


def wait_for(condition: Callable[[], bool], process: Any) -> None:
    deadline = time.monotonic() + 60
    while not condition() and process.is_alive():
        assert time.monotonic() < deadline
        time.sleep(0.0005)


@pytest.fixture(autouse=True)
def _importable(toy_values: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The server of forks is a fresh interpreter: it learns of the toy plugin and of one thread by its environment."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))


@pytest.fixture
def expected(toy_plan: Callable[..., Any], tmp_path: Path) -> dict[str, Any]:
    train(toy_plan(**SETTINGS), tmp_path / "whole")
    return outcome(tmp_path / "whole")


@pytest.mark.parametrize("every_seconds", [0.0, 0.1])
def test_killed_at_random_moments(
    toy_values: Callable[..., Any], tmp_path: Path, expected: dict[str, Any], every_seconds: float
) -> None:
    folder, moments = tmp_path / "cut", random.Random(every_seconds)
    values = toy_values(**SETTINGS, trainer__checkpoint_every_seconds=every_seconds, data__slow=0.01)
    process = start("train_run", values, folder)
    kills = 0
    for _ in range(5):
        wait_for((folder / "metrics.csv").exists, process)
        time.sleep(moments.uniform(0.0, 0.5))
        kills += process.is_alive()
        kill(process)
        process = start("resume_run", folder)
    process.join()
    assert kills >= 2
    assert process.exitcode == 0
    assert outcome(folder) == expected


def test_killed_while_a_checkpoint_is_written(
    toy_values: Callable[..., Any], tmp_path: Path, expected: dict[str, Any]
) -> None:
    folder = tmp_path / "cut"
    values = toy_values(**SETTINGS, trainer__checkpoint_every_seconds=0.0, data__slow=0.01)
    process = start("train_run", values, folder)
    half_written = 0
    for name in (".last.ckpt.*.partial", ".best.ckpt.*.partial", ".last.ckpt.*.partial"):
        wait_for(lambda name=name: any((folder / "checkpoints").glob(name)), process)
        kill(process)
        half_written += any((folder / "checkpoints").glob(".*.partial"))
        process = start("resume_run", folder)
    process.join()
    assert half_written
    assert outcome(folder) == expected
    assert not any((folder / "checkpoints").glob(".*.partial"))


def test_killed_before_the_first_checkpoint(
    toy_values: Callable[..., Any], tmp_path: Path, expected: dict[str, Any]
) -> None:
    folder = tmp_path / "cut"
    process = start("train_run", toy_values(**SETTINGS, data__slow=0.05), folder)
    wait_for((folder / "metrics.csv").exists, process)
    kill(process)
    assert not (folder / "checkpoints/last.ckpt").exists()
    assert not (folder / "result.json").exists()
    resume(folder)
    assert outcome(folder) == expected


def test_killed_after_the_fit(toy_values: Callable[..., Any], tmp_path: Path, expected: dict[str, Any]) -> None:
    folder = tmp_path / "whole"
    before = (folder / "checkpoints/last.ckpt").stat().st_mtime_ns
    (folder / "result.json").unlink()
    resume(folder)
    assert outcome(folder) == expected
    assert (folder / "checkpoints/last.ckpt").stat().st_mtime_ns == before
