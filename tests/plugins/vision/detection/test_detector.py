from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from attnframe_vision.detection.data.module import SceneModule
from attnframe_vision.detection.detector import Detector
from attnframe_vision.detection.recipes.predict import DetectionPredict
from attnframe_vision.object_detection import ObjectDetection
from PIL import Image

from attnframe.errors import ConfigurationError, DataError
from attnframe.recipes.registry import attention_variants

Build = Callable[..., Detector]
NEEDS = {
    name: ("noncausal",) if name == "dense_prediction" else ("noncausal", "cross") for name in ObjectDetection.models
}
PAIRS = [
    (model, name)
    for model, needs in NEEDS.items()
    for name, variant in attention_variants().items()
    if all(getattr(variant.capabilities, need) for need in needs)
]


def learn(module: Detector, data: SceneModule, steps: int, lr: float = 3e-3) -> list[float]:
    batch = data.train.batch(torch.arange(8))
    optimiser = torch.optim.AdamW(module.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss, _ = module.loss(batch)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        losses.append(loss.item())
    return losses


@pytest.mark.parametrize(("model", "attention"), PAIRS)
def test_every_variant_learns(model: str, attention: str, build: Build, shapes: SceneModule) -> None:
    torch.manual_seed(0)
    module = build(shapes.facts, model, attention)
    losses = learn(module, shapes, 8, 1e-2)
    assert losses[-1] < losses[0]
    unused = [name for name, parameter in module.named_parameters() if parameter.grad is None]
    # Uniform cross attention does not read the queries.
    assert all(attention == "none" and "cross_norm" in name for name in unused), unused


def test_shapes_are_found_after_a_little_training(build: Build, shapes: SceneModule) -> None:
    torch.manual_seed(0)
    module = build(shapes.facts, dim=32, stage_width=16)
    learn(module, shapes, 120, 5e-3)
    batch = shapes.train.batch(torch.arange(8))
    metrics = module.eval().metrics()
    module.update_metrics(metrics, batch, module.loss(batch)[1].detach())
    assert metrics["map50"].compute() > 0.8
    assert metrics["map50"].compute() >= metrics["map"].compute() > 0.3


def test_facts_rebuild_the_module(build: Build, shapes: SceneModule) -> None:
    module = build(shapes.facts).eval()
    again = build(json.loads(json.dumps(module.facts))).eval()
    again.load_state_dict(module.state_dict())
    batch = shapes.val.batch(torch.arange(2))
    assert again(batch).equal(module(batch))


def test_a_model_that_does_not_fit_is_refused(build: Build, shapes: SceneModule) -> None:
    with pytest.raises(ConfigurationError, match=r"model.stride .* must leave two places along each side"):
        build(shapes.facts | {"size": [40, 64]}, stride=32)


class Known(torch.nn.Module):
    """A network that finds one box in every picture."""

    def __init__(self, box: tuple[float, ...], score: float) -> None:
        super().__init__()
        self.box, self.score = box, score

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        return torch.zeros(len(pictures), 1)

    def found(self, outputs: torch.Tensor) -> list[Any]:
        from attnframe_vision.detection.metrics import Found

        one = Found(torch.tensor([self.box]), torch.tensor([self.score]), torch.tensor([2]))
        return [one] * len(outputs)


def predictions(module: Detector, source: Path, **options: Any) -> list[dict[str, Any]]:
    chosen = DetectionPredict(**options)
    return list(module.predict(module.read_inputs(str(source), chosen), chosen))


def test_boxes_are_told_in_pixels_of_the_picture_as_given(build: Build, shapes: SceneModule, tmp_path: Path) -> None:
    module = build(shapes.facts)
    module.network = Known((8, 16, 64, 30), 0.75)
    Image.new("RGB", (256, 128), "red").save(tmp_path / "wide.png")
    (record,) = predictions(module, tmp_path / "wide.png")
    assert record == {
        "input": str(tmp_path / "wide.png"),
        "boxes": [[32.0, 64.0, 256.0, 120.0]],
        "labels": ["triangle"],
        "scores": [0.75],
    }
    assert predictions(module, tmp_path, least_score=0.8)[0]["boxes"] == []


def test_a_folder_of_pictures_gives_a_record_each_whatever_the_batch(
    build: Build, shapes: SceneModule, voc: Path
) -> None:
    module = build(shapes.facts)
    one, many = (predictions(module, voc / "JPEGImages", batch_size=size, least_score=0) for size in (1, 64))
    assert [record["input"] for record in one] == [record["input"] for record in many]
    assert len(one) == 12
    assert one[0]["labels"] == many[0]["labels"]
    json.dumps(one)


def test_broken_inputs_are_refused_by_name(build: Build, shapes: SceneModule, tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"no picture")
    with pytest.raises(
        DataError, match=r"input must be pictures that can be read. .*bad.png \(no known picture format"
    ):
        predictions(build(shapes.facts), tmp_path)


def test_predictions_are_drawn(build: Build, shapes: SceneModule, voc: Path, tmp_path: Path) -> None:
    module = build(shapes.facts)
    module.network = Known((8, 16, 40, 30), 0.75)
    paths = module.save_pictures(predictions(module, voc / "JPEGImages"), tmp_path / "pictures")
    assert [path.name for path in paths][:2] == ["0001-p00.png", "0002-p01.png"]
    assert len(paths) == 12


@pytest.mark.parametrize("model", ["dense_prediction", "set_prediction"])
def test_rows_of_the_head_are_called_by_classes(model: str, build: Build, shapes: SceneModule) -> None:
    module = build(shapes.facts, model)
    rows = {name: names for name, names in module.row_names().items() if name.endswith("weight")}
    ((name, names),) = rows.items()
    assert len(names) == len(module.get_parameter(name))
    classes = [f"class {one}" for one in module.facts["classes"]]
    assert [*names[: len(classes)]] == classes
    assert [*names[len(classes) :]] == (["left", "top", "right", "bottom"] if model == "dense_prediction" else [])
