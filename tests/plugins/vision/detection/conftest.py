"""Shared by the tests of detection: small sets of pictures with boxes, as folders of every form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attnframe_vision.detection.data.module import SceneModule
from attnframe_vision.detection.detector import Detector
from attnframe_vision.detection.recipes.shapes import Shapes
from attnframe_vision.object_detection import ObjectDetection
from PIL import Image

from attnframe.plugin.contract import Parts
from attnframe.recipes.registry import attention_variants, position_schemes

WIDTH, HEIGHT = 96, 64
"""Pixels of the pictures in folders."""

Objects = Sequence[tuple[str, Sequence[float]]]


def save_scene(path: Path, seed: int = 0, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    return path


def voc_xml(objects: Objects, difficult: bool = False) -> str:
    told = "".join(
        f"<object><name>{label}</name><difficult>{int(difficult)}</difficult><bndbox>"
        + "".join(
            f"<{edge}>{value}</{edge}>" for edge, value in zip(("xmin", "ymin", "xmax", "ymax"), box, strict=True)
        )
        + "</bndbox></object>"
        for label, box in objects
    )
    return f"<annotation>{told}</annotation>"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def made_objects(number: int) -> Objects:
    """One or two objects of a picture."""
    cat = ("cat", (10 + number, 8, 40, 30 + number))
    return [cat, ("dog", (50, 20, 80, 60))] if number % 2 else [cat]


@pytest.fixture
def voc(tmp_path: Path) -> Path:
    """Twelve pictures in the upstream form, without sets."""
    for number in range(12):
        save_scene(tmp_path / "voc" / "JPEGImages" / f"p{number:02}.jpg", number)
        write(tmp_path / "voc" / "Annotations" / f"p{number:02}.xml", voc_xml(made_objects(number)))
    return tmp_path / "voc"


def coco_json(numbers: Sequence[int], **changes: Any) -> dict[str, Any]:
    names = {"cat": 3, "dog": 7}
    annotations = []
    for number in numbers:
        for label, (left, top, right, bottom) in made_objects(number):
            box = [left, top, right - left, bottom - top]
            found = {"id": len(annotations), "image_id": number, "category_id": names[label], "bbox": box}
            annotations.append(found | {"iscrowd": 0})
    content = {
        "images": [{"id": number, "file_name": f"p{number:02}.jpg"} for number in numbers],
        "annotations": annotations,
        "categories": [{"id": index, "name": name} for name, index in names.items()],
    }
    return content | changes


@pytest.fixture
def coco(tmp_path: Path) -> Path:
    """Twelve pictures with one JSON file."""
    for number in range(12):
        save_scene(tmp_path / "coco" / "images" / f"p{number:02}.jpg", number)
    write(tmp_path / "coco" / "annotations" / "all.json", json.dumps(coco_json(range(12))))
    return tmp_path / "coco"


@pytest.fixture(scope="session")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> SceneModule:
    """A few generated shapes, set up."""
    folder = tmp_path_factory.mktemp("shapes")
    data = Shapes(pictures=60).build(data_dir=folder, cache_dir=folder / "cache", seed=0)
    data.setup()
    return data


@pytest.fixture
def build() -> Callable[..., Detector]:
    """A small detector for facts; attention, position, model and the model's fields may be given."""

    def make(
        facts: Mapping[str, Any],
        model: str = "dense_prediction",
        attention: str = "mha",
        position: str = "rope_axial",
        **fields: Any,
    ) -> Detector:
        recipe = ObjectDetection.models[model](**{"dim": 16, "depth": 1, "stage_width": 8, **fields})
        parts = Parts(attention_variants()[attention](num_heads=2), position_schemes()[position](), recipe)
        return ObjectDetection().build(parts, dict(facts))

    return make
