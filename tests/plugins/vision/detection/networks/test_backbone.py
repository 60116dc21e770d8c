from __future__ import annotations

import pytest
import torch
from attnframe_vision.detection.networks.backbone import Backbone
from attnframe_vision.detection.recipes.dense_prediction import DensePrediction


@pytest.mark.parametrize("stride", [4, 8, 16])
def test_the_map_has_the_stride_and_width_that_the_recipe_says(stride: int) -> None:
    model = DensePrediction(stride=stride, dim=24, stage_width=8)
    features = Backbone(model)(torch.zeros(2, 3, 50, 70))
    assert features.shape == (2, 24, *model.grid(50, 70))
    assert features.is_contiguous(memory_format=torch.channels_last)


def test_stages_widen_up_to_the_width_of_the_model() -> None:
    widths = [
        part.out_channels
        for part in Backbone(DensePrediction(stride=16, dim=24, stage_width=8)).stages
        if isinstance(part, torch.nn.Conv2d)
    ]
    assert widths == [8, 16, 24, 24]


def test_features_keep_their_size_at_the_start() -> None:
    torch.manual_seed(0)
    for blocks in (0, 1, 2):
        features = Backbone(DensePrediction(dim=64, stage_blocks=blocks))(torch.randn(2, 3, 64, 64))
        assert 0.3 < features.std() < 3
