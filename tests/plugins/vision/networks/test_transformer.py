from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from attnframe_vision.classifier import ImageClassifier
from attnframe_vision.image_classification import ImageClassification
from torch import Tensor

from attnframe.positions import SwinBias
from attnframe.recipes.registry import position_schemes

READ = (None, *ImageClassification.provides)
PROVIDED = [name for name, scheme in position_schemes().items() if scheme.reads in READ]
Build = Callable[..., ImageClassifier]


@pytest.mark.parametrize("position", PROVIDED)
@pytest.mark.parametrize("stem", ["patch", "conv"])
@pytest.mark.parametrize("pool", ["mean", "class_token", "attention"])
def test_every_position_pooling_and_stem_builds(
    position: str, pool: str, stem: str, build: Build, facts: dict[str, Any]
) -> None:
    module = build(facts, position=position, pool=pool, stem=stem, dim=32)
    loss, logits = module.loss({**module.example_batch(4), "pictures": torch.randint(0, 255, (4, 1, 8, 8))})
    loss.backward()
    assert logits.shape == (4, 3)
    assert all(parameter.grad is not None for parameter in module.parameters())


@pytest.mark.parametrize("pool", ["mean", "class_token"])
def test_a_scheme_that_reads_a_grid_gets_rows_and_columns(pool: str, build: Build, facts: dict[str, Any]) -> None:
    """A class token stands at 0, 0, outside of the grid; the picture's rows and columns count from 1 then."""
    extra = int(pool == "class_token")
    handed: list[Tensor] = []
    module = build(facts, position="swin", pool=pool, patch_size=2)
    encoder: Any = module.network.encoder
    assert isinstance(encoder.blocks[0].self_attention.position, SwinBias)
    encoder.register_forward_pre_hook(lambda _, inputs, options: handed.append(options["positions"]), with_kwargs=True)
    module(module.example_batch(2))
    places = [[row + extra, column + extra] for row in range(4) for column in range(4)]
    assert handed[0].tolist() == [[[0, 0]] * extra + places]
    assert build(facts, position="rope", pool=pool).network.places is None
