from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from attnframe_vision.image_classification import ImageClassification
from attnframe_vision.plugin import VisionPlugin
from attnframe_vision.recipes.attention_cnn import ImageCNN
from attnframe_vision.recipes.digits import Digits
from attnframe_vision.recipes.hierarchical import ImageHierarchy
from attnframe_vision.recipes.image_folder import ImageFolder
from attnframe_vision.recipes.model import PictureModel
from attnframe_vision.recipes.transformer import ImageTransformer

from attnframe.errors import ConfigurationError
from attnframe.plugin.contract import Parts
from attnframe.recipes.registry import attention_variants, position_schemes

TASK = ImageClassification()


def faults(model: PictureModel, attention: str = "mha", position: str = "learned") -> list[str]:
    parts = Parts(attention_variants()[attention](), position_schemes()[position](), model)
    return [str(fault) for fault in TASK.faults(parts, Digits())]


@pytest.mark.parametrize("model", TASK.models)
@pytest.mark.parametrize("attention", list(attention_variants()))
def test_every_variant_that_sees_both_sides_is_taken_with_the_defaults(attention: str, model: str) -> None:
    recipe, can = TASK.models[model](), attention_variants()[attention].capabilities
    assert isinstance(recipe, PictureModel)
    assert faults(recipe, attention) == []
    assert TASK.needs(recipe).unmet(can) == ([] if can.noncausal else ["non-causal attention"])


def test_a_class_token_that_sees_only_its_neighbours_is_refused() -> None:
    (fault,) = faults(ImageTransformer(pool="class_token"), "window")
    assert "model.pool (ImageTransformer) cannot be class_token with attention=window" in fault
    assert "Try model.pool=mean or attention=mha." in fault
    assert faults(ImageTransformer(pool="class_token")) == []


def test_sizes_that_do_not_fit_the_data_are_refused_before_data_are_read() -> None:
    assert "must divide the picture's 8 x 8 pixels" in faults(ImageTransformer(patch_size=5))[0]
    assert "must leave at least one place of the picture's 8 x 8 pixels" in faults(ImageCNN(conv_layers=4))[0]
    assert "must divide the 4 x 4 tokens of the picture" in faults(ImageHierarchy(region=3))[0]


def test_a_cnn_without_non_local_blocks_takes_neither_attention_nor_position() -> None:
    model = ImageCNN(non_local=False)
    (fault,) = faults(model)
    assert fault == (
        "model.non_local (ImageCNN) must be true with attention=mha position=learned, which only the non-local blocks "
        "use. Got False. Or choose attention=none position=none."
    )
    assert "must be true with position=rope, which" in faults(model, "none", "rope")[0]
    assert faults(model, "none", "none") == []
    assert not TASK.needs(model).noncausal


@pytest.mark.parametrize("model", TASK.models)
def test_nominal_facts_build_the_module_without_data(model: str) -> None:
    for recipe in (Digits(), *(kind() for name, kind in TASK.datasets.items() if name != "image_folder")):
        parts = Parts(attention_variants()["mha"](), position_schemes()["learned"](), TASK.models[model]())
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
    datasets = {name for task in VisionPlugin.tasks.values() for name in task.datasets}
    assert {path.stem for path in (conf / "data").glob("*.yaml")} == datasets
    assert {path.stem for path in (conf / "task").glob("*.yaml")} == set(VisionPlugin.tasks)
