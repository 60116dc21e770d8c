"""Shared by the vision tests: pictures made by hand, and the task with its data modules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attnframe_vision.classifier import ImageClassifier
from attnframe_vision.data.module import PictureModule
from attnframe_vision.data.pictures import Pictures, Source
from attnframe_vision.image_classification import ImageClassification
from attnframe_vision.recipes.digits import Digits
from attnframe_vision.recipes.pictures import PictureData
from PIL import Image

from attnframe.plugin.contract import Parts
from attnframe.plugin.splitting import TEST, TRAIN, VAL
from attnframe.recipes.registry import attention_variants, position_schemes


class MadePictures(Source):
    """A source that counts how often it was decoded."""

    name = "made"

    def __init__(self, pictures: Pictures, fingerprint: str = "made") -> None:
        self.pictures, self.text, self.reads = pictures, fingerprint, 0

    def fingerprint(self) -> str:
        return self.text

    def read(self) -> Pictures:
        self.reads += 1
        return self.pictures


def made_pictures(count: int = 60, channels: int = 1, side: int = 8, classes: int = 3, parts: int = 1) -> Pictures:
    """Pictures whose class is their brightness; with `parts` 3 they bring train, val and test."""
    generator = np.random.default_rng(0)
    labels = np.arange(count) % classes
    noise = generator.integers(0, 40, (count, channels, side, side))
    images = (noise + (labels * 200 // classes)[:, None, None, None]).astype(np.uint8)
    brought = np.array([TRAIN, TEST, VAL], np.uint8)[(np.arange(count) // classes) % parts]
    return Pictures(images, labels.astype(np.int64), brought, tuple(f"class{i}" for i in range(classes)))


def save_picture(path: Path, mode: str = "RGB", size: tuple[int, int] = (20, 16), value: int = 120) -> Path:
    """A picture file of noise about one brightness."""
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(value).integers(0, 30, (size[1], size[0]), dtype=np.uint8) + np.uint8(value)
    Image.fromarray(noise).convert(mode).save(path)
    return path


@pytest.fixture
def made_source() -> Callable[..., MadePictures]:
    """A source of made pictures, its fingerprint first."""
    return lambda fingerprint="made", **given: MadePictures(made_pictures(**given), fingerprint)


@pytest.fixture
def made_module(tmp_path: Path) -> Callable[..., PictureModule]:
    """A set-up data module over made pictures (``made=`` their arguments); fields of the recipe may be given."""

    def make(
        pictures: Pictures | None = None,
        made: dict[str, Any] | None = None,
        recipe: type[PictureData] = Digits,
        **fields: Any,
    ) -> PictureModule:
        source = MadePictures(pictures or made_pictures(**(made or {})), fingerprint=f"{made}")
        module = PictureModule(recipe(**fields), source, tmp_path / "cache")
        module.setup()
        return module

    return make


@pytest.fixture
def class_folder(tmp_path: Path) -> Path:
    """Two classes of six pictures each, in several formats, modes and sizes."""
    forms = [("png", "L"), ("jpg", "RGB"), ("bmp", "RGB"), ("png", "P"), ("gif", "L"), ("webp", "RGB")]
    for label, value in (("dark", 20), ("light", 200)):
        for number, (ending, mode) in enumerate(forms):
            save_picture(tmp_path / "set" / label / f"{number}.{ending}", mode, (20 + number, 16 + 2 * number), value)
    return tmp_path / "set"


@pytest.fixture
def facts(made_module: Callable[..., PictureModule]) -> dict[str, Any]:
    """Facts of three classes of grey pictures of 8 x 8."""
    return made_module().facts


@pytest.fixture
def build() -> Callable[..., ImageClassifier]:
    """A small classifier for facts; attention, position, model and the model's fields may be given."""

    def make(
        facts: dict[str, Any],
        attention: str = "mha",
        position: str = "learned",
        model: str = "transformer",
        **fields: Any,
    ) -> ImageClassifier:
        variant = attention_variants()[attention]
        recipe = ImageClassification.models[model](**{"dim": 16, "depth": 1, **fields})
        parts = Parts(variant(num_heads=2), position_schemes()[position](), recipe)
        return ImageClassification().build(parts, facts)

    return make
