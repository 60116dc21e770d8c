from __future__ import annotations

import torch
from attnframe_vision.detection.networks.base import Targets
from attnframe_vision.detection.networks.dense import DenseNetwork
from attnframe_vision.detection.recipes.dense_prediction import DensePrediction

from attnframe.plugin.contract import Parts
from attnframe.recipes.registry import attention_variants, position_schemes

FACTS = {"classes": ["a", "b"], "size": [32, 40], "side": 16.0, "objects": 2}


def network(**fields: float) -> DenseNetwork:
    torch.manual_seed(0)
    recipe = DensePrediction(dim=16, depth=1, stage_width=8, **fields)
    return DenseNetwork(
        recipe, Parts(attention_variants()["mha"](num_heads=2), position_schemes()["none"](), recipe), FACTS
    )


def outputs_of(one: DenseNetwork, boxes: torch.Tensor, label: int, place: int) -> torch.Tensor:
    """Outputs of one picture that are sure of a class at one place, with a box."""
    outputs = torch.cat([torch.full((1, 20, 2), -12.0), one.centres.repeat(1, 2).expand(1, 20, 4)], -1)
    outputs[0, place, label], outputs[0, place, 2:] = 12.0, boxes
    return outputs


def test_before_training_boxes_have_the_median_side_about_their_place() -> None:
    one = network().eval()
    outputs = one(torch.zeros(1, 3, 32, 40))
    assert outputs.shape == (1, 4 * 5, 6)
    assert one.centres[7].tolist() == [20, 12]
    torch.testing.assert_close(outputs[0, 7, 2:], torch.tensor([12.0, 4, 28, 20]), atol=1.5, rtol=0)
    assert outputs[..., :2].sigmoid().mean() < 0.02


def test_the_right_answer_costs_nothing_and_each_fault_costs() -> None:
    one = network()
    box = torch.tensor([17.0, 9, 23, 15])  # holds the centre of place 7 alone
    targets = Targets(box.view(1, 1, 4), torch.tensor([[1]]), torch.tensor([[False]]))
    right = one.loss(outputs_of(one, box, 1, 7), targets)
    assert right < 1e-3
    wrong_class = one.loss(outputs_of(one, box, 0, 7), targets)
    wrong_place = one.loss(outputs_of(one, box, 1, 12), targets)
    wrong_box = one.loss(outputs_of(one, box + 2, 1, 7), targets)
    assert min(wrong_class, wrong_place, wrong_box) > 0.3


def test_ignored_objects_cost_nothing() -> None:
    one = network()
    box = torch.tensor([17.0, 9, 23, 15])
    ignored = Targets(box.view(1, 1, 4), torch.tensor([[1]]), torch.tensor([[True]]))
    nothing = Targets(torch.zeros(1, 1, 4), torch.tensor([[-1]]), torch.tensor([[False]]))
    outputs = outputs_of(one, box, 1, 7)
    assert one.loss(outputs, ignored) < 1e-3 < one.loss(outputs, nothing)


def test_of_boxes_of_a_class_that_overlap_the_best_is_kept() -> None:
    one = network(suppression=0.5)
    outputs = outputs_of(one, torch.tensor([4.0, 4, 20, 20]), 0, 0)
    outputs[0, 1] = torch.tensor([2.0, -12, 5, 4, 20, 20])
    outputs[0, 2] = torch.tensor([-12.0, 1, 5, 4, 20, 20])
    (found,) = one.found(outputs)
    assert found.labels.tolist() == [0, 1]
    assert found.boxes[0].tolist() == [4, 4, 20, 20]
    assert found.scores[0] > found.scores[1] > 0.7


def test_boxes_are_cut_at_the_edge_and_best_first() -> None:
    one = network()
    outputs = outputs_of(one, torch.tensor([-5.0, -5, 90, 90]), 0, 0)
    outputs[0, 19] = torch.tensor([0.0, -12, 4, 4, 8, 8])
    (found,) = one.found(outputs)
    assert found.boxes.tolist() == [[0, 0, 40, 32], [4, 4, 8, 8]]
    assert found.scores[0] > found.scores[1]
