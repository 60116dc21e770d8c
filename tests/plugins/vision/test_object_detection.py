from __future__ import annotations

import pytest
import torch
from attnframe_vision.detection.recipes.dense_prediction import DensePrediction
from attnframe_vision.detection.recipes.model import DetectionModel
from attnframe_vision.detection.recipes.set_prediction import SetPrediction
from attnframe_vision.detection.recipes.shapes import Shapes
from attnframe_vision.detection.recipes.voc_folder import VocFolder
from attnframe_vision.object_detection import ObjectDetection

from attnframe.config.check import check
from attnframe.errors import ConfigurationError
from attnframe.plugin.contract import Parts
from attnframe.recipes.registry import attention_variants, position_schemes

TASK = ObjectDetection()


def parts(model: DetectionModel, attention: str = "mha") -> Parts:
    return Parts(attention_variants()[attention](), position_schemes()["rope_axial"](), model)


@pytest.mark.parametrize("model", TASK.models)
@pytest.mark.parametrize("attention", list(attention_variants()))
def test_every_variant_is_taken_or_refused_with_the_reason(attention: str, model: str) -> None:
    recipe, can = TASK.models[model](), attention_variants()[attention].capabilities
    assert isinstance(recipe, DetectionModel)
    assert [*TASK.faults(parts(recipe, attention), Shapes())] == []
    lacking = [] if can.noncausal else ["non-causal attention"]
    if model == "set_prediction" and not can.cross:
        lacking.append("cross attention")
    assert TASK.needs(recipe).unmet(can) == lacking


def test_a_variant_without_cross_attention_is_refused_with_one_that_works() -> None:
    with pytest.raises(
        ConfigurationError, match=r"attention=window cannot serve .* needs cross attention.* Works: att"
    ):
        check(["task=object_detection", "model=set_prediction", "attention=window"])


def test_a_stride_that_leaves_no_map_is_refused_before_data_are_read() -> None:
    (fault,) = TASK.faults(parts(DensePrediction(stride=32)), VocFolder(path="x", size=(48, 96)))
    assert str(fault) == (
        "model.stride (DensePrediction) must leave two places along each side of the picture's 48 x 96 pixels. "
        "Got 32. At most 24."
    )


@pytest.mark.parametrize("name", ["transformer", "attention_rnn", "hierarchical"])
def test_models_of_other_tasks_are_refused_with_the_reason(name: str) -> None:
    with pytest.raises(
        ConfigurationError, match=f"model={name} cannot serve task=object_detection: .*Works: model=dense"
    ):
        check(["task=object_detection", f"model={name}"])


@pytest.mark.parametrize("model", [DensePrediction(), SetPrediction()])
def test_nominal_facts_build_the_module_without_data(model: DetectionModel) -> None:
    for kind in TASK.datasets.values():
        recipe = kind(path="x") if kind.name.endswith("folder") else kind()
        with torch.device("meta"):
            module = TASK.build(parts(model), recipe.nominal_facts())
            assert module.loss(module.example_batch(2, "meta"))[0].shape == ()


@pytest.mark.parametrize("name", ["voc_folder", "coco_folder"])
def test_folders_need_a_path(name: str) -> None:
    with pytest.raises(
        ConfigurationError, match=r"data.path .* must be a folder of pictures with boxes. .*Give data.pa"
    ):
        TASK.datasets[name]()
