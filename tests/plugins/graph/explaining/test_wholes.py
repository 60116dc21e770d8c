"""Explanations of whole graphs."""

import torch
from attnframe_graph.explaining.wholes import node_names


def test_nodes_are_named_after_what_they_are() -> None:
    features = torch.tensor([[1.0, 0.0, 0.3], [0.0, 1.0, 0.1], [0.0, 0.0, 2.0]])
    facts = {"features": ["element C", "element O", "charge"]}
    assert node_names(features, facts) == ["C1", "O2", "3"]
    assert node_names(features, {"features": ["label 0", "label 5", "x"]}) == ["0 1", "5 2", "3"]
