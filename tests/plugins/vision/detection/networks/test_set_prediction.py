from __future__ import annotations

import torch
from attnframe_vision.detection.networks.base import Targets
from attnframe_vision.detection.networks.set_prediction import SetNetwork
from attnframe_vision.detection.recipes.set_prediction import SetPrediction

from attnframe.plugin.contract import Parts
from attnframe.recipes.registry import attention_variants, position_schemes

FACTS = {"classes": ["a", "b"], "size": [32, 48], "side": 16.0, "objects": 3}
BOXES = torch.tensor([[[4.0, 4, 20, 20], [24, 8, 44, 30]]])


def network(**fields: int) -> SetNetwork:
    torch.manual_seed(0)
    recipe = SetPrediction(dim=16, depth=1, stage_width=8, **fields)
    return SetNetwork(
        recipe, Parts(attention_variants()["mha"](num_heads=2), position_schemes()["none"](), recipe), FACTS
    )


def targets(labels: list[int]) -> Targets:
    return Targets(BOXES, torch.tensor([labels]), torch.zeros(1, 2, dtype=torch.bool))


def test_there_are_twice_as_many_queries_as_objects_unless_told() -> None:
    pictures = torch.zeros(2, 3, 32, 48)
    assert network()(pictures).shape == (2, 6, 6)
    assert network(queries=9)(pictures).shape == (2, 9, 6)
    assert len(network(decoder_depth=3).decoder.blocks) == 3


def test_the_right_answer_costs_nothing_in_any_order_of_queries() -> None:
    one = network()
    outputs = torch.full((1, 6, 6), -12.0)
    outputs[..., 2:] = torch.tensor([1.0, 1, 2, 2])
    for query, label in ((4, 0), (1, 1)):
        outputs[0, query, label], outputs[0, query, 2:] = 12.0, BOXES[0, label]
    assert one.loss(outputs, targets([0, 1])) < 1e-3
    assert one.loss(outputs.flip(1), targets([0, 1])) < 1e-3
    assert one.loss(outputs, targets([1, 0])) > 1
    assert one.loss(outputs, targets([0, -1])) > 1


def test_the_order_of_objects_does_not_matter() -> None:
    one = network()
    outputs = one(torch.randn(1, 3, 32, 48))
    turned = Targets(BOXES.flip(1), torch.tensor([[1, 0]]), torch.zeros(1, 2, dtype=torch.bool))
    torch.testing.assert_close(one.loss(outputs, targets([0, 1])), one.loss(outputs, turned))


def test_without_objects_only_classes_are_learned() -> None:
    one = network()
    loss = one.loss(one(torch.randn(1, 3, 32, 48)), targets([-1, -1]))
    torch.autograd.backward(loss)
    assert loss > 0
    assert one.references.grad is not None
    assert not one.references.grad.any()
    assert one.class_head.weight.grad is not None
    assert one.class_head.weight.grad.any()


def test_queries_see_where_things_are() -> None:
    one = network().eval()
    pictures = torch.randn(1, 3, 32, 48)
    assert not torch.allclose(one(pictures), one(pictures.roll(16, -1)), atol=1e-4)


def test_nothing_is_suppressed() -> None:
    outputs = torch.zeros(1, 6, 6)
    outputs[..., 2:] = BOXES[0, 0]
    (found,) = network().found(outputs)
    assert len(found.boxes) == 12
