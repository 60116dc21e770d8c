from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from attnframe_vision.classifier import ImageClassifier
from attnframe_vision.image_classification import ImageClassification
from torch import Tensor

from attnframe.bridges import AttentionPooling
from attnframe.recipes.registry import position_schemes

READ = (None, *ImageClassification.provides)
PROVIDED = [name for name, scheme in position_schemes().items() if scheme.reads in READ]
Build = Callable[..., ImageClassifier]


def noise(count: int = 4) -> Tensor:
    return torch.randint(0, 256, (count, 1, 8, 8), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("position", PROVIDED)
@pytest.mark.parametrize("stem", ["patch", "conv"])
@pytest.mark.parametrize("region", [None, 2])
def test_every_position_stem_and_region_trains(
    position: str, stem: str, region: int | None, build: Build, facts: dict[str, Any]
) -> None:
    module = build(facts, position=position, model="hierarchical", stem=stem, region=region, dim=32)
    module.loss({"pictures": noise(), "labels": torch.arange(4) % 3})[0].backward()
    assert all(parameter.grad is not None and parameter.grad.isfinite().all() for parameter in module.parameters())


@pytest.mark.parametrize("region", [None, 1, 2, 4])
def test_tokens_are_cut_into_rows_or_regions(region: int | None, build: Build, facts: dict[str, Any]) -> None:
    network: Any = build(facts, model="hierarchical", patch_size=2, region=region).network
    tall, wide = (1, 4) if region is None else (region, region)
    tokens = torch.arange(16).view(1, 16, 1)
    by_hand = [
        [4 * (row + down) + column + across for down in range(tall) for across in range(wide)]
        for row in range(0, 4, tall)
        for column in range(0, 4, wide)
    ]
    assert network.cut(tokens).squeeze(-1).tolist() == [by_hand]


def test_each_level_counts_its_own_places(build: Build, facts: dict[str, Any]) -> None:
    def places(**fields: Any) -> list[list[list[int]]]:
        network: Any = build(facts, position="swin", model="hierarchical", patch_size=2, **fields).network
        return [network.item_places[0].tolist(), network.part_places[0].tolist()]

    assert places() == [[[0, column] for column in range(4)], [[row, 0] for row in range(4)]]
    assert places(region=2) == [[[row, column] for row in range(2) for column in range(2)]] * 2
    assert build(facts, position="rope", model="hierarchical").network.item_places is None


def test_the_order_of_parts_matters_with_a_position_and_not_without(build: Build, facts: dict[str, Any]) -> None:
    pictures = noise(2)
    for position, same in (("none", True), ("learned", False)):
        module = build(facts, position=position, model="hierarchical", patch_size=2).eval()
        rolled = module({"pictures": pictures.roll(4, 2)})  # two whole rows of tokens
        assert torch.allclose(module({"pictures": pictures}), rolled, atol=1e-6) is same


def test_the_control_of_the_poolings_is_the_mean(build: Build, facts: dict[str, Any]) -> None:
    module = build(facts, "none", model="hierarchical", pool="mean")
    assert not any(isinstance(part, AttentionPooling) for part in module.modules())
    assert sum(isinstance(part, AttentionPooling) for part in build(facts, model="hierarchical").modules()) == 2
    assert module({"pictures": noise()}).shape == (4, 3)
