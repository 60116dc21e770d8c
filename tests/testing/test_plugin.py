"""The suite of plugins finds what it is there to find: each way to be wrong is made and must be named."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from attnframe.testing.plugin import check_plugin, plugin_checks
from attnframe.testing.plugin_laws import LAWS, TASK_LAWS, lists_without_torch

TOY = Path(__file__).parents[1] / "toy_plugin"


@pytest.fixture(autouse=True)
def _toy(toy_values: Callable[..., Any]) -> None:
    """Installs the toy plugin."""


def break_law(law: str) -> str:
    """The message of the one law that is held against the toy plugin."""
    checks = {name: check for name, check in plugin_checks("toy") if name.endswith(law)}
    assert len(checks) == 1
    with pytest.raises(AssertionError) as caught:
        next(iter(checks.values()))()
    return str(caught.value)


def toy_module() -> Any:
    from attnframe_toy.module import SymbolModule

    return SymbolModule


def test_a_good_plugin_keeps_every_law() -> None:
    check_plugin("toy")


def test_every_task_model_and_law_has_its_check() -> None:
    names = [name for name, _ in plugin_checks("toy", "vision")]
    assert len(names) == len(set(names))
    counts = Counter(name.split(":")[0] for name in names)
    models = ("transformer", "attention_cnn", "hierarchical")
    detection = {f"object_detection, {model}" for model in ("dense_prediction", "set_prediction")}
    pictures = {f"image_classification, {model}" for model in models}
    of_models = {"symbol_counting, transformer"} | pictures | detection
    tasks = {"symbol_counting", "image_classification", "object_detection"}
    plugins = {"toy": 1, "vision": 1}
    assert counts == dict.fromkeys(of_models, len(LAWS)) | dict.fromkeys(tasks, len(TASK_LAWS)) | plugins


def test_outputs_that_depend_on_the_batch_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    forward = toy_module().forward
    monkeypatch.setattr(
        toy_module(), "forward", lambda self, batch: forward(self, batch) - forward(self, batch).mean(0)
    )
    assert "not close" in break_law("the batch does not matter")


def test_a_module_that_cannot_learn_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def loss(self: Any, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        outputs = self(batch)
        return nn.functional.cross_entropy(outputs * 0, batch["labels"]), outputs

    monkeypatch.setattr(toy_module(), "loss", loss)
    assert "the loss of two batches went from 1.3863 to 1.3863" in break_law("learns")


def test_randomness_beside_the_seed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    build, generator = toy_module().__init__, torch.Generator().manual_seed(7)

    def unseeded(self: Any, parts: Any, facts: Any) -> None:
        build(self, parts, facts)
        with torch.no_grad():
            self.head.weight += torch.rand(self.head.weight.shape, generator=generator)

    monkeypatch.setattr(toy_module(), "__init__", unseeded)
    assert "two runs from one seed differ" in break_law("same seed same bits")


def test_a_module_with_unsaved_state_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    build = toy_module().__init__

    def forgetful(self: Any, parts: Any, facts: Any) -> None:
        build(self, parts, facts)
        self.register_buffer("shift", torch.rand(()), persistent=False)

    forward = toy_module().forward
    monkeypatch.setattr(toy_module(), "__init__", forgetful)
    monkeypatch.setattr(toy_module(), "forward", lambda self, batch: forward(self, batch) + self.shift)
    assert "the outputs change when the module is saved" in break_law("a saved module is the same module")


def test_an_example_batch_of_another_kind_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        toy_module(), "example_batch", lambda self, size, device="cpu": {"tokens": torch.zeros(size, 12)}
    )
    assert "the example batch is" in break_law("the example batch is like a real one")


def test_a_monitor_that_nothing_measures_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toy_module(), "metrics", lambda self: {})
    assert "accuracy is none of ['loss']" in break_law("the monitor is measured")


def test_all_that_is_broken_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toy_module(), "metrics", lambda self: {})
    monkeypatch.setattr(toy_module(), "example_batch", lambda self, size, device="cpu": {})
    with pytest.raises(AssertionError, match=r"of \d+ checks failed:\n- symbol_counting, transformer: every attent"):
        check_plugin("toy")


def test_padding_that_counts_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from attnframe_toy.data import Sequences

    lengths = torch.arange(320)
    lengths[300], lengths[200] = -1, 500  # beside the first eight, the examples that are filled up most and least
    monkeypatch.setattr(Sequences, "lengths", lengths, raising=False)
    asked: list[list[int]] = []
    batch = Sequences.batch

    def watched(self: Any, indices: Tensor) -> dict[str, Tensor]:
        asked.append(indices.tolist())
        return batch(self, indices)

    monkeypatch.setattr(Sequences, "batch", watched)
    dict(plugin_checks("toy"))["symbol_counting, transformer: the batch does not matter"]()
    assert [*range(8), 300, 200] in asked
    assert [300] in asked


def test_numbers_that_half_precision_cannot_hold_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    forward = toy_module().forward

    def coarse(self: Any, batch: dict[str, Tensor]) -> Tensor:
        far = torch.full((1, 1), 1e3)
        gap = (far + 1) @ torch.ones(1, 1) - far @ torch.ones(1, 1)  # 1, but 0 where products are of half precision
        return forward(self, batch) * 0 + torch.log(gap + 1) * torch.eye(4)[0] * 9

    monkeypatch.setattr(toy_module(), "forward", coarse)
    assert ", in float32 " in break_law("half precision is near")


def test_an_input_that_fails_with_a_trace_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toy_module(), "read_inputs", lambda self, source, options: Path(source).read_text())
    assert "input=empty must be refused by a DataError: IsADirectoryError" in break_law("wrong inputs are refused")


def test_a_declaration_that_imports_torch_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copytree(TOY, tmp_path / "site")
    plugin = tmp_path / "site" / "attnframe_toy" / "plugin.py"
    plugin.write_text(plugin.read_text().replace("from pathlib import Path", "from pathlib import Path\nimport torch"))
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    with pytest.raises(AssertionError, match="the declaration imports torch, numpy; import them inside build"):
        lists_without_torch("toy")
