from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from attnframe_vision.classifier import ImageClassifier
from attnframe_vision.image_classification import ImageClassification
from torch import Tensor

from attnframe.bridges import CBAM, NonLocal, SqueezeExcite
from attnframe.recipes.registry import position_schemes

READ = (None, *ImageClassification.provides)
PROVIDED = [name for name, scheme in position_schemes().items() if scheme.reads in READ]
Build = Callable[..., ImageClassifier]


def noise(count: int = 4) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(0)
    pictures = torch.randint(0, 256, (count, 1, 8, 8), dtype=torch.uint8, generator=generator)
    return {"pictures": pictures, "labels": torch.arange(count) % 3}


@pytest.mark.parametrize("position", PROVIDED)
@pytest.mark.parametrize(("recalibration", "kind"), [("se", SqueezeExcite), ("cbam", CBAM), ("none", None)])
def test_every_position_and_recalibration_trains(
    position: str, recalibration: str, kind: Any, build: Build, facts: dict[str, Any]
) -> None:
    model = {"model": "attention_cnn", "recalibration": recalibration, "dim": 32, "depth": 2}
    module = build(facts, position=position, **model)
    weighing = [type(part) for part in module.modules() if isinstance(part, SqueezeExcite | CBAM)]
    assert weighing == [kind] * (2 if kind else 0)
    assert sum(isinstance(part, NonLocal) for part in module.modules()) == 2
    for part in module.modules():
        if isinstance(part, NonLocal):  # it starts as the identity, where no gradient reaches the attention
            torch.nn.init.ones_(part.scale)
    module.loss(noise())[0].backward()
    assert all(parameter.grad is not None and parameter.grad.isfinite().all() for parameter in module.parameters())


def test_the_vector_is_the_mean_over_the_places(build: Build, facts: dict[str, Any]) -> None:
    module = build(facts, model="attention_cnn").eval()
    network: Any = module.network
    kept: list[Tensor] = []
    network.cnn.register_forward_hook(lambda _, __, out: kept.append(out))
    logits = module(noise())
    assert kept[0].shape == (4, 16, 4, 4)
    torch.testing.assert_close(logits, module.head(kept[0].flatten(2).mean(2)))


def test_without_attention_the_convolutions_stay(build: Build, facts: dict[str, Any]) -> None:
    """The control has the same convolutions, and less only by queries and keys."""
    of = {
        name: {key: value.shape for key, value in build(facts, name, model="attention_cnn").state_dict().items()}
        for name in ("mha", "none")
    }
    differing = {key for key in {*of["mha"], *of["none"]} if of["mha"].get(key) != of["none"].get(key)}
    assert differing
    assert all(".attention." in key for key in differing)
    plain = build(facts, "none", "none", model="attention_cnn", non_local=False)
    assert not any(isinstance(part, NonLocal) for part in plain.modules())
    assert plain(noise()).shape == (4, 3)


def test_a_scheme_that_reads_a_grid_gets_rows_and_columns(build: Build, facts: dict[str, Any]) -> None:
    network: Any = build(facts, position="swin", model="attention_cnn").network
    assert network.places.tolist() == [[[row, column] for row in range(4) for column in range(4)]]
    assert build(facts, position="rope", model="attention_cnn").network.places is None
