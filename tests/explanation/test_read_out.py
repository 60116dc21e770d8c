"""From where attention is read."""

import torch

from attnframe.bridges import AttentionPooling, MeanPooling
from attnframe.explanation.maps import Rollout
from attnframe.explanation.read_out import hierarchy, last, pooling_weights, read
from attnframe.masks import Padding
from attnframe.models import Encoder, Hierarchical
from attnframe.recipes.attention.mha import MultiHeadAttention

PARTS = torch.tensor([[[1.0, 0.0], [0.4, 0.6]]])


def test_reading_is_a_weighted_mean_of_rows() -> None:
    torch.testing.assert_close(read(PARTS), torch.tensor([[0.7, 0.3]]))
    torch.testing.assert_close(read(PARTS, torch.tensor([[0.0, 1.0]])), torch.tensor([[0.4, 0.6]]))
    torch.testing.assert_close(last(PARTS), torch.tensor([[0.4, 0.6]]))


def test_the_weights_of_poolings_are_collected_as_they_run() -> None:
    torch.manual_seed(0)
    model = torch.nn.ModuleDict({"attention": AttentionPooling(4), "mean": MeanPooling()})
    x, mask = torch.randn(2, 3, 4), Padding(torch.tensor([[True, True, False], [True, True, True]]))
    with pooling_weights(model) as found:
        pooled = {name: pooling(x, mask=mask) for name, pooling in model.items()}
    assert set(found) == {"attention", "mean"}
    for name, weights in found.items():
        torch.testing.assert_close((weights.unsqueeze(1) @ x).squeeze(1), pooled[name])
    torch.testing.assert_close(found["mean"][0], torch.tensor([0.5, 0.5, 0.0]))


def test_the_parts_of_a_hierarchy_multiply() -> None:
    torch.manual_seed(0)
    variant = MultiHeadAttention(num_heads=2)
    model = torch.nn.ModuleDict({"h": Hierarchical(Encoder(8, 1, variant), Encoder(8, 1, variant), 8)}).eval()
    from attnframe.interpretation import capture

    with torch.no_grad(), pooling_weights(model) as pooled, capture(model) as weights:
        model["h"](torch.randn(1, 3, 4, 8))
    found = hierarchy(Rollout(weights), pooled, "h.")
    assert found.shape == (3, 4)
    torch.testing.assert_close(found.sum(), torch.ones(()))
    parts = read(Rollout(weights).through("h.parts.encoder."), pooled["h.parts.pooling"])[0]
    torch.testing.assert_close(found.sum(1), parts)
