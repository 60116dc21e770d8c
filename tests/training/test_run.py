from __future__ import annotations

import csv
import json
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml

from attnframe.errors import ConfigurationError, DataError, Fault, RunError, UnsupportedError
from attnframe.runs.folder import RunFolder
from attnframe.training.run import resume, train

Plan = Callable[..., Any]


def rows(folder: Path) -> list[dict[str, str]]:
    with open(folder / "metrics.csv", newline="") as file:
        return list(csv.DictReader(file))


def weights(path: Path) -> dict[str, torch.Tensor]:
    state: dict[str, torch.Tensor] = torch.load(path, weights_only=True)["state"]
    return {name: tensor.nan_to_num() for name, tensor in state.items()}


def same_weights(one: Path, other: Path) -> bool:
    first, second = weights(one), weights(other)
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def test_a_run_learns_and_leaves_everything_promised(toy_plan: Plan, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    result = train(toy_plan(trainer__max_epochs=10, floor=True), folder)
    assert result["status"] == "ok"
    assert result["metrics"]["test/accuracy"] > 0.75 > result["floor"]["test/accuracy"] + 0.2
    assert result["parameters"] > 1000
    assert result["steps"] == 100
    assert min(result["seconds"], result["throughput"], result["peak_memory_bytes"]) > 0
    assert 0 < result["data_wait"] < 1
    assert result["error"] is None
    assert result == json.loads((folder / "result.json").read_text())
    assert result["checkpoint"] == str(folder / "checkpoints" / "best.ckpt")
    assert {file.name for file in folder.iterdir()} >= {
        "config.yaml", "overrides.txt", "environment.json", "metrics.csv", "result.json", "checkpoints",
    }  # fmt: skip
    assert {file.name for file in (folder / "checkpoints").iterdir()} == {"best.ckpt", "last.ckpt"}
    assert yaml.safe_load((folder / "config.yaml").read_text())["data"]["name"] == "symbols"
    assert len(json.loads((folder / "environment.json").read_text())["data_hash"]) == 64


def test_the_log_has_a_row_for_each_interval_and_validation(toy_plan: Plan, tmp_path: Path) -> None:
    train(toy_plan(trainer__max_epochs=2, trainer__log_every_steps=4, trainer__validate_every_steps=5), tmp_path)
    found = rows(tmp_path)
    assert [int(row["step"]) for row in found] == [4, 5, 8, 10, 12, 15, 16, 20]
    assert [int(row["step"]) for row in found if row["val/accuracy"]] == [5, 10, 15, 20]
    assert all(row["train/loss"] and row["lr"] and row["seconds"] for row in found)
    assert found[-1]["epoch"] == "2.0"


def test_the_same_seed_gives_the_same_bits(toy_plan: Plan, tmp_path: Path) -> None:
    first = train(toy_plan(model__dropout=0.1), tmp_path / "a")
    second = train(toy_plan(model__dropout=0.1), tmp_path / "b")
    other = train(toy_plan(model__dropout=0.1, seed=1), tmp_path / "c")
    assert first["metrics"] == second["metrics"] != other["metrics"]
    assert same_weights(tmp_path / "a/checkpoints/last.ckpt", tmp_path / "b/checkpoints/last.ckpt")


@pytest.mark.parametrize("changes", [
    {"optim__accumulate": 3},
    {"optim__ema": 0.9},
    {"optim__gradient_clip_by": "value", "optim__gradient_clip": 0.1},
    {"optim__gradient_clip": None, "optim__schedule": "inverse_sqrt"},
    {"optim__schedule": "plateau", "optim__plateau_patience": 1},
    {"trainer__precision": "bf16"},
    {"trainer__activation_checkpointing": True},
    {"data__num_workers": 1},
    {"trainer__overfit_batches": 1},
    {"trainer__limit_batches": 2},
    {"trainer__max_epochs": None, "trainer__max_steps": 7},
    {"trainer__max_epochs": None, "trainer__max_time": "00:00:00:01"},
    {"trainer__validate_every_epochs": 3},
    {"logger": ["tensorboard"]},
    {"control": True},
    {"control": True, "position": {"name": "alibi"}},
])  # fmt: skip
def test_every_setting_trains(toy_plan: Plan, tmp_path: Path, changes: dict[str, Any]) -> None:
    result = train(toy_plan(**changes), tmp_path)
    assert result["status"] == "ok"
    assert set(result["metrics"]) == {"test/loss", "test/accuracy"}
    assert rows(tmp_path)[-1]["val/accuracy"] != ""
    if changes.get("trainer__max_steps"):
        assert result["steps"] == 7
    if changes.get("optim__accumulate"):
        assert result["steps"] == 4 * 4  # ten batches an epoch: three steps of three, one of one
    if changes.get("logger"):
        assert list((tmp_path / "tensorboard").glob("events*"))
    if changes.get("control"):
        assert result["control"]["name"] == "attention=none"
        assert result["control"]["test/accuracy"] > 0
        assert RunFolder(tmp_path).control.read_result() is not None


def test_first_weights_are_set_by_the_training_examples(toy_plan: Plan, tmp_path: Path) -> None:
    plan = toy_plan(optim__lr=1e-12, trainer__max_steps=1)
    data = plan.data.build(data_dir=plan.data_dir, cache_dir=plan.cache_dir, seed=plan.seed)
    data.setup()
    counts = torch.bincount(data.train.batch(torch.arange(len(data.train)))["labels"])
    train(plan, tmp_path)
    torch.testing.assert_close(weights(tmp_path / "checkpoints/best.ckpt")["head.bias"], (counts + 1.0).log())


def test_accumulating_equals_larger_batches(toy_plan: Plan, tmp_path: Path) -> None:
    common = {"trainer__max_steps": 1, "optim__gradient_clip": None, "trainer__overfit_batches": 1}
    train(toy_plan(**common, data__batch_size=32), tmp_path / "whole")
    train(
        toy_plan(**{**common, "trainer__overfit_batches": 2}, data__batch_size=16, optim__accumulate=2),
        tmp_path / "parts",
    )
    whole, parts = (weights(tmp_path / name / "checkpoints/last.ckpt") for name in ("whole", "parts"))
    for name in whole:
        torch.testing.assert_close(whole[name], parts[name])


def test_activation_checkpointing_changes_no_bit(toy_plan: Plan, tmp_path: Path) -> None:
    plain = train(toy_plan(model__dropout=0.1), tmp_path / "a")
    saving = train(toy_plan(model__dropout=0.1, trainer__activation_checkpointing=True), tmp_path / "b")
    assert plain["metrics"] == saving["metrics"]


def test_averaged_weights_are_what_is_saved_and_validated(toy_plan: Plan, tmp_path: Path) -> None:
    averaged = train(toy_plan(optim__ema=0.99), tmp_path / "averaged")
    plain = train(toy_plan(), tmp_path / "plain")
    last = torch.load(tmp_path / "averaged/checkpoints/last.ckpt", weights_only=True)
    in_training = [weight for weight in last["training"]["weights"] if weight.shape == (4, 16)]
    unaveraged = weights(tmp_path / "plain/checkpoints/last.ckpt")["head.weight"]
    assert any(torch.equal(weight, unaveraged) for weight in in_training)
    assert not torch.equal(last["state"]["head.weight"], unaveraged)
    assert averaged["metrics"] != plain["metrics"]


def test_it_stops_early_and_keeps_the_best(toy_plan: Plan, tmp_path: Path) -> None:
    result = train(toy_plan(optim__lr=1e-12, trainer__max_epochs=50, trainer__patience=2), tmp_path)
    assert result["epochs"] <= 6
    best = torch.load(tmp_path / "checkpoints/best.ckpt", weights_only=True)
    found = [float(row["val/accuracy"]) for row in rows(tmp_path)]
    assert best["metrics"]["val/accuracy"] == max(found)


def test_a_run_that_ends_before_it_validated_validates_once(toy_plan: Plan, tmp_path: Path) -> None:
    train(toy_plan(trainer__max_steps=3), tmp_path)
    assert [row["step"] for row in rows(tmp_path)] == ["3"]
    assert rows(tmp_path)[0]["val/loss"] != ""


def test_wrong_data_leaves_no_folder(toy_plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"data\.path \(nowhere\) must not be given"):
        train(toy_plan(data__path="nowhere"), tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_a_missing_device_is_refused(toy_plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="trainer=gpu needs a CUDA device that torch can use"):
        train(toy_plan(trainer__name="gpu"), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_loss_that_is_not_finite_says_what_to_change(toy_plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(
        RunError, match=r"train/loss became NaN between steps 0 and 10\. Try: optim\.lr=0\.0003.*run\.log"
    ):
        train(toy_plan(data__poison=3), tmp_path)
    result = json.loads((tmp_path / "result.json").read_text())
    assert result["status"] == "failed"
    assert "train/loss became NaN" in result["error"]
    assert "Traceback" in (tmp_path / "run.log").read_text()


def test_a_gradient_that_is_not_finite_says_so(toy_plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from attnframe_toy.module import SymbolModule

    loss = SymbolModule.loss

    def with_endless_slope(self: Any, batch: Any) -> tuple[torch.Tensor, torch.Tensor]:
        value, outputs = loss(self, batch)
        return value + (self.head.bias - self.head.bias.detach()).abs().sqrt().sum(), outputs

    monkeypatch.setattr(SymbolModule, "loss", with_endless_slope)
    with pytest.raises(RunError, match=r"train/gradient_norm became NaN between steps 0 and 1\."):
        train(toy_plan(trainer__checkpoint_every_seconds=0.0), tmp_path)
    assert not (tmp_path / "checkpoints/last.ckpt").exists()


def test_a_first_step_that_the_engine_refuses_leaves_no_folder(
    toy_plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from attnframe_toy.module import SymbolModule

    def refuse(self: Any, batch: Any) -> None:
        raise UnsupportedError(Fault("attention.backend=sdpa", "cannot serve this mask"))

    monkeypatch.setattr(SymbolModule, "loss", refuse)
    with pytest.raises(UnsupportedError, match="cannot serve this mask"):
        train(toy_plan(), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_validation_that_is_not_finite_says_so(toy_plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="val/loss became NaN"):
        train(toy_plan(data__poison=330), tmp_path)


def test_no_checkpoint_is_written_with_broken_weights(toy_plan: Plan, tmp_path: Path) -> None:
    changes = {"trainer__checkpoint_every_seconds": 0.0, "trainer__log_every_steps": 100}
    with pytest.raises(RunError, match="train/loss became NaN"):
        train(toy_plan(data__poison=3, **changes), tmp_path)
    last = tmp_path / "checkpoints/last.ckpt"
    if last.exists():
        state = torch.load(last, weights_only=True)["state"]
        assert state["head.weight"].isfinite().all()


def test_running_out_of_memory_says_what_to_change(toy_plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"ran out of memory .* Try: data\.batch_size=16 optim\.accumulate=2") as caught:
        train(toy_plan(data__hoard=True), tmp_path)
    assert "trainer.activation_checkpointing=true" in str(caught.value)


def test_a_finished_run_only_prints_its_result(
    toy_plan: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = train(toy_plan(), tmp_path)
    printed = capsys.readouterr().out
    files = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")}
    assert resume(tmp_path) == result
    assert capsys.readouterr().out == printed
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")} == files


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"resume \(.*\) must be the folder of a run"):
        resume(tmp_path)


def test_a_target_in_a_run_s_configuration_is_refused(toy_plan: Plan, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.begin({**toy_plan().values, "callbacks": [{"_target_": "os.system"}]}, [])
    with pytest.raises(ConfigurationError, match=r"callbacks\[0\]\._target_ must not name code to call"):
        resume(tmp_path)


def test_ctrl_c_saves_and_resume_goes_on_to_the_same_end(
    toy_plan: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = train(toy_plan(), tmp_path / "whole")
    timer = threading.Timer(0.7, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        train(toy_plan(data__slow=0.05), tmp_path / "cut")
    assert json.loads((tmp_path / "cut/result.json").read_text())["status"] == "interrupted"
    assert f"attnframe train resume={tmp_path / 'cut'}" in capsys.readouterr().err
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    result = resume(tmp_path / "cut")
    assert result["status"] == "ok"
    assert result["metrics"] == expected["metrics"]
    assert same_weights(tmp_path / "whole/checkpoints/last.ckpt", tmp_path / "cut/checkpoints/last.ckpt")


def test_a_profile_is_written(toy_plan: Plan, tmp_path: Path) -> None:
    train(toy_plan(trainer__profile=True), tmp_path)
    assert "aten::" in (tmp_path / "profile.txt").read_text()
    assert (tmp_path / "profile.json").exists()
