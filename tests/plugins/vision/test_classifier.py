from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from attnframe_vision.classifier import ImageClassifier
from attnframe_vision.data.module import PictureModule
from attnframe_vision.recipes.predict import PicturePredict
from PIL import Image, ImageOps

from attnframe.errors import ConfigurationError
from attnframe.recipes.registry import attention_variants

MODELS: dict[str, dict[str, Any]] = {
    "transformer of patches": {"stem": "patch"},
    "transformer of features": {"stem": "conv"},
    "attention_cnn": {"model": "attention_cnn"},
    "hierarchical": {"model": "hierarchical", "stem": "conv"},
}
Build = Callable[..., ImageClassifier]
MakeModule = Callable[..., PictureModule]


def learn(module: ImageClassifier, data: PictureModule, steps: int) -> list[float]:
    """Losses of some steps of training on all of the training part."""
    batch = data.train.batch(torch.arange(len(data.train)))
    optimiser = torch.optim.AdamW(module.parameters(), lr=1e-2)
    module.train()
    losses = []
    for _ in range(steps):
        loss, _ = module.loss(data.augment(batch))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return losses


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("attention", [n for n, v in attention_variants().items() if v.capabilities.noncausal])
def test_every_variant_learns(attention: str, model: str, build: Build, made_module: MakeModule) -> None:
    torch.manual_seed(0)
    data = made_module(crop=0.0, rotate=0.0, zoom=0.0)
    module = build(data.facts, attention, **MODELS[model])
    losses = learn(module, data, 12)
    assert losses[-1] < losses[0] - 0.1
    assert all(parameter.grad is not None for parameter in module.parameters())


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_the_example_batch_fits(device: str, model: str, build: Build, facts: dict[str, Any]) -> None:
    module = build(facts, **MODELS[model]).to(device)
    loss, logits = module.loss(module.example_batch(2, device))
    assert loss.shape == ()
    assert logits.device.type == device


def test_pixels_are_normalised_with_the_training_statistics(build: Build, made_module: MakeModule) -> None:
    data = made_module(made={"channels": 3})
    module = build(data.facts)
    pixels = module.standardise(data.train.batch(torch.arange(len(data.train)))["pictures"])
    torch.testing.assert_close(pixels.mean((0, 2, 3)), torch.zeros(3), atol=1e-4, rtol=0)
    torch.testing.assert_close(pixels.std((0, 2, 3), unbiased=False), torch.ones(3), atol=1e-4, rtol=0)


@pytest.mark.parametrize("model", MODELS)
def test_facts_rebuild_the_module(model: str, build: Build, facts: dict[str, Any]) -> None:
    torch.manual_seed(0)
    module = build(facts, **MODELS[model]).eval()
    again = build(json.loads(json.dumps(module.facts)), **MODELS[model]).eval()
    again.load_state_dict(module.state_dict())
    batch = {"pictures": torch.randint(0, 256, (3, 1, 8, 8), dtype=torch.uint8)}
    assert again(batch).equal(module(batch))


def test_loss_is_cross_entropy_and_smoothing_is_for_training_alone(build: Build, facts: dict[str, Any]) -> None:
    module = build(facts, label_smoothing=0.2)
    batch = {"pictures": torch.randint(0, 256, (6, 1, 8, 8), dtype=torch.uint8), "labels": torch.arange(6) % 3}
    log_shares = module(batch).log_softmax(1)
    plain = -log_shares[torch.arange(6), batch["labels"]].mean()
    torch.testing.assert_close(module.eval().loss(batch)[0], plain)
    torch.testing.assert_close(module.train().loss(batch)[0], 0.8 * plain - 0.2 * log_shares.mean())


def test_mixed_labels_train(build: Build, made_module: MakeModule) -> None:
    data = made_module(mixup=0.4, cutmix=1.0, rand_augment=5, erase=0.3, flip=True)
    losses = learn(build(data.facts), data, 3)
    assert np.isfinite(losses).all()


def test_metrics_by_hand(build: Build, facts: dict[str, Any]) -> None:
    module = build(facts)
    metrics = module.metrics()
    answers = torch.tensor([0, 0, 1, 1, 2, 0])
    labels = torch.tensor([0, 0, 0, 1, 1, 2])
    for rows in (slice(0, 4), slice(4, 6)):
        outputs = torch.nn.functional.one_hot(answers[rows], 3).float()
        module.update_metrics(metrics, {"labels": labels[rows]}, outputs)
    assert metrics["accuracy"].compute().item() == pytest.approx(3 / 6)
    # class 0: precision 2/3, recall 2/3; class 1: 1/2 and 1/2; class 2: 0
    assert metrics["f1"].compute().item() == pytest.approx((2 / 3 + 1 / 2 + 0) / 3)


def test_a_model_that_does_not_fit_the_pictures_is_refused(build: Build, facts: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=r"model.patch_size .* must divide the picture's 8 x 8 pixels"):
        build(facts, patch_size=3)


def test_the_order_of_tokens_matters_with_a_position_and_not_without(build: Build, facts: dict[str, Any]) -> None:
    """Turning a picture round by whole patches keeps the set of patches."""
    pictures = torch.randint(0, 256, (2, 1, 8, 8), dtype=torch.uint8)
    for position, same in (("none", True), ("learned", False)):
        module = build(facts, position=position, patch_size=2).eval()
        rolled = {"pictures": pictures.roll(4, -1)}
        close = torch.allclose(module({"pictures": pictures}), module(rolled), atol=1e-6)
        assert close is same


def predictions(module: ImageClassifier, source: Path, **options: Any) -> list[dict[str, Any]]:
    chosen = PicturePredict(**options)
    return list(module.predict(module.read_inputs(str(source), chosen), chosen))


def test_predictions_on_own_pictures_of_any_size_and_mode(
    build: Build, made_module: MakeModule, class_folder: Path
) -> None:
    records = predictions(build(made_module().facts), class_folder, batch_size=5)
    assert [record["input"] for record in records] == sorted(str(p) for p in class_folder.rglob("*.*"))
    for record in records:
        assert list(record) == ["input", "label", "probability", "probabilities"]
        assert list(record["probabilities"]) == ["class0", "class1", "class2"]
        assert sum(record["probabilities"].values()) == pytest.approx(1, abs=1e-5)
        assert (
            record["probability"] == record["probabilities"][record["label"]] == max(record["probabilities"].values())
        )
    json.dumps(records)


def test_the_batch_size_of_prediction_changes_nothing(build: Build, facts: dict[str, Any], class_folder: Path) -> None:
    module = build(facts)
    one, many = (predictions(module, class_folder, batch_size=size) for size in (1, 64))
    for left, right in zip(one, many, strict=True):
        assert left["probabilities"] == pytest.approx(right["probabilities"], abs=1e-5)


def test_a_scan_of_a_digit_is_read_like_the_digit(tmp_path: Path, build: Build) -> None:
    """A digit of the data, dark on a large bright page, gives nearly the pixels that it was made from."""
    from attnframe_vision.recipes.digits import Digits

    data = Digits().build(data_dir=tmp_path, cache_dir=tmp_path, seed=0)
    data.setup()
    module = build(data.facts)
    pictures = data.test.batch(torch.arange(40))["pictures"]
    away, unlike = [], []
    for picture in pictures.numpy():
        page = Image.new("L", (300, 400), 250)
        page.paste(ImageOps.invert(Image.fromarray(picture[0])).resize((80, 80), Image.Resampling.BOX), (190, 60))
        read = module._prepared(page, adapt=True)
        away.append(np.abs(read.astype(float) - picture).mean())
        unlike.append(np.abs(module._prepared(page, adapt=False).astype(float) - picture).mean())
    assert np.median(away) < 40 < 80 < np.median(unlike)


def test_predictions_are_drawn(build: Build, facts: dict[str, Any], class_folder: Path, tmp_path: Path) -> None:
    module = build(facts)
    (path,) = module.save_pictures(predictions(module, class_folder), tmp_path / "pictures")
    with Image.open(path) as sheet:
        assert sheet.width > sheet.height > 200
