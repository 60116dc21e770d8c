from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from attnframe_vision.image_classification import ImageClassification
from attnframe_vision.plugin import VisionPlugin
from attnframe_vision.recipes.digits import Digits
from attnframe_vision.recipes.image_folder import ImageFolder
from attnframe_vision.recipes.model import ImageModel

from attnframe.errors import ConfigurationError
from attnframe.plugin.contract import Parts
from attnframe.recipes.registry import attention_variants, position_schemes

TASK = ImageClassification()


def faults(attention: str = "mha", data: Any = None, **model: Any) -> list[str]:
    parts = Parts(attention_variants()[attention](), position_schemes()["learned"](), ImageModel(**model))
    return [str(fault) for fault in TASK.faults(parts, data or Digits())]


@pytest.mark.parametrize("attention", list(attention_variants()))
def test_every_variant_is_taken_with_the_defaults(attention: str) -> None:
    assert faults(attention) == []


def test_a_class_token_that_sees_only_its_neighbours_is_refused() -> None:
    (fault,) = faults("window", pool="class_token")
    assert "model.pool (ImageModel) cannot be class_token with attention=window" in fault
    assert "Try model.pool=mean or attention=mha." in fault
    assert faults("mha", pool="class_token") == []


def test_a_patch_that_does_not_fit_the_data_is_refused_before_data_are_read() -> None:
    assert "must divide the picture's 8 x 8 pixels" in faults(patch_size=5)[0]


def test_nominal_facts_build_the_module_without_data() -> None:
    for recipe in (Digits(), *(kind() for name, kind in TASK.datasets.items() if name != "image_folder")):
        parts = Parts(attention_variants()["mha"](), position_schemes()["learned"](), ImageModel())
        module = TASK.build(parts, recipe.nominal_facts()).to("meta")
        assert module.loss(module.example_batch(2, "meta"))[0].shape == ()


def test_image_folder_needs_a_path() -> None:
    with pytest.raises(
        ConfigurationError, match=r"data.path .* must be a folder of class folders. Got None. Give data.path=DIR"
    ):
        ImageFolder()


def test_the_declaration_imports_neither_torch_nor_numpy_nor_pillow() -> None:
    code = "import sys, attnframe_vision.plugin; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "numpy", "PIL", "sklearn"} & set(done.stdout.split())


def test_there_is_a_configuration_file_for_every_dataset_and_task() -> None:
    conf = Path(sys.modules[VisionPlugin.__module__].__file__ or "").parent / "conf"
    assert {path.stem for path in (conf / "data").glob("*.yaml")} == set(TASK.datasets)
    assert {path.stem for path in (conf / "task").glob("*.yaml")} == set(VisionPlugin.tasks)
