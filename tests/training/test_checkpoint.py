from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from attnframe.errors import CheckpointError, PluginError
from attnframe.training.checkpoint import Checkpoint, load_checkpoint


class Payload:
    """What a malicious checkpoint holds: unpickling it makes a folder."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, (str(self.target),))


@pytest.fixture
def checkpoint(toy_plan: Callable[..., Any]) -> Checkpoint:
    plan = toy_plan()
    facts = plan.data.nominal_facts()
    torch.manual_seed(1)
    module = plan.task.build(plan.parts, facts)
    return Checkpoint(
        values=plan.values,
        overrides=plan.overrides,
        facts=facts,
        state=dict(module.state_dict()),
        step=7,
        metrics={"val/loss": 1.5},
    )


def resave(path: Path, **changes: Any) -> None:
    content = torch.load(path, weights_only=True)
    torch.save({**content, **changes}, path)


def test_a_saved_checkpoint_gives_the_same_module_back(checkpoint: Checkpoint, tmp_path: Path) -> None:
    path = tmp_path / "a.ckpt"
    checkpoint.save(path)
    loaded = load_checkpoint(path)
    assert loaded.content.step == 7
    assert loaded.content.metrics == {"val/loss": 1.5}
    assert loaded.plan.values == checkpoint.values
    module = loaded.build()
    assert not module.training
    assert module.facts == checkpoint.facts
    for name, tensor in module.state_dict().items():
        assert torch.equal(tensor.nan_to_num(), checkpoint.state[name].nan_to_num()), name


def test_it_holds_plain_values_and_tensors_only(checkpoint: Checkpoint, tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "a.ckpt")
    content = torch.load(tmp_path / "a.ckpt", weights_only=True)
    assert set(content) == {
        "format", "api_version", "values", "overrides", "facts", "state", "step", "metrics", "training",
    }  # fmt: skip


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.9, 0.999])
def test_a_truncated_file_is_refused(checkpoint: Checkpoint, tmp_path: Path, share: float) -> None:
    path = tmp_path / "a.ckpt"
    checkpoint.save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(CheckpointError, match=r"ckpt \(.*a\.ckpt\) must be a whole checkpoint file\. Got .* cut off\."):
        load_checkpoint(path)


def test_a_damaged_file_is_refused(checkpoint: Checkpoint, tmp_path: Path) -> None:
    path = tmp_path / "a.ckpt"
    checkpoint.save(path)
    damaged = bytearray(path.read_bytes())
    damaged[100:400] = b"\xff" * 300
    path.write_bytes(damaged)
    with pytest.raises(CheckpointError, match="must"):
        load_checkpoint(path)


@pytest.mark.parametrize("text", ["", "hello", "PK\x03\x04 almost"])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    with pytest.raises(CheckpointError, match="must be a whole checkpoint file"):
        load_checkpoint(tmp_path / "a.txt")


def test_a_missing_file_and_a_folder_say_where_to_look(checkpoint: Checkpoint, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"no such file\. A run keeps its own in RUN/checkpoints/best\.ckpt"):
        load_checkpoint(tmp_path / "missing.ckpt")
    checkpoint.save(tmp_path / "run" / "checkpoints" / "best.ckpt")
    with pytest.raises(CheckpointError, match=r"Got a folder\. Try ckpt=.*best\.ckpt"):
        load_checkpoint(tmp_path / "run")


def test_a_payload_is_named_and_never_run(checkpoint: Checkpoint, tmp_path: Path) -> None:
    path, target = tmp_path / "a.ckpt", tmp_path / "harm"
    checkpoint.save(path)
    resave(path, metrics=Payload(target))
    with pytest.raises(
        CheckpointError, match=r"must hold only plain values and tensors\. Got an object of posix\.mkdir"
    ):
        load_checkpoint(path)
    path.write_bytes(pickle.dumps(Payload(target)))
    with pytest.raises(CheckpointError, match="must be a whole checkpoint file"):
        load_checkpoint(path)
    assert not target.exists()


def test_a_file_of_another_program_is_refused(tmp_path: Path) -> None:
    torch.save({"state_dict": {}}, tmp_path / "a.ckpt")
    with pytest.raises(
        CheckpointError, match=r"must be a checkpoint that attnframe wrote\. Got a file of another program"
    ):
        load_checkpoint(tmp_path / "a.ckpt")
    torch.save([1, 2], tmp_path / "a.ckpt")
    with pytest.raises(CheckpointError, match="must be a checkpoint that attnframe wrote"):
        load_checkpoint(tmp_path / "a.ckpt")


def test_another_api_version_is_refused(checkpoint: Checkpoint, tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "a.ckpt")
    resave(tmp_path / "a.ckpt", api_version=99)
    with pytest.raises(
        CheckpointError, match=r"must be written for plugin API version 1\. Got version 99\. Use an attn"
    ):
        load_checkpoint(tmp_path / "a.ckpt")


def test_a_target_is_refused(checkpoint: Checkpoint, tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "a.ckpt")
    optim = {**checkpoint.values["optim"], "_target_": "torch.hub.load"}
    resave(tmp_path / "a.ckpt", values={**checkpoint.values, "optim": optim})
    with pytest.raises(CheckpointError, match=r"optim\._target_ must not name code to call.*'torch\.hub\.load'"):
        load_checkpoint(tmp_path / "a.ckpt")


def test_a_missing_plugin_is_named(checkpoint: Checkpoint, tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "a.ckpt")
    resave(tmp_path / "a.ckpt", values={**checkpoint.values, "plugin": "absent"})
    with pytest.raises(CheckpointError, match=r"ckpt \(.*a\.ckpt\): plugin=absent is not an installed plugin"):
        load_checkpoint(tmp_path / "a.ckpt")


def test_weights_that_do_not_fit_are_refused(checkpoint: Checkpoint, tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "a.ckpt")
    resave(tmp_path / "a.ckpt", state={name: x for name, x in checkpoint.state.items() if name != "head.bias"})
    with pytest.raises(CheckpointError, match=r"must hold weights that fit its model\. Got .*head\.bias"):
        load_checkpoint(tmp_path / "a.ckpt").build()


def test_facts_must_be_plain(checkpoint: Checkpoint, tmp_path: Path) -> None:
    checkpoint.facts["mean"] = [np.float64(0.5)]
    with pytest.raises(
        PluginError, match=r"facts\.mean\[0\] must be a plain value or a tensor to be saved\. Got float64"
    ):
        checkpoint.save(tmp_path / "a.ckpt")
    assert not (tmp_path / "a.ckpt").exists()


def test_a_failed_write_leaves_the_old_file(checkpoint: Checkpoint, tmp_path: Path) -> None:
    path = tmp_path / "a.ckpt"
    checkpoint.save(path)
    before = path.read_bytes()
    checkpoint.state["embedding.weight"] = torch.empty(4, device="meta").untyped_storage()
    with pytest.raises(PluginError):
        checkpoint.save(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir() if file.suffix != ""] == ["a.ckpt"]
