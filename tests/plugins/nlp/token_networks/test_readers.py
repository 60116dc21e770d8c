"""One vector of a text."""

from __future__ import annotations

import torch
from attnframe_nlp.token_networks.readers import HierarchicalReader, PooledReader
from torch import Tensor, nn

from attnframe.masks import Mask

STOP = 9


class Plain(nn.Module):
    """An encoder that changes nothing."""

    def forward(self, x: Tensor, mask: Mask | None = None) -> Tensor:
        return x


def hierarchical(longest: int = 8) -> HierarchicalReader:
    return HierarchicalReader(Plain(), Plain(), 4, "mean", [STOP], longest)


def test_sentences_end_at_stops_and_at_their_longest() -> None:
    tokens = torch.tensor([[2, 3, STOP, 4, STOP, STOP, 5], [2, 3, 4, 5, 6, 0, 0]])
    sentence, place = hierarchical(4).places(tokens, tokens != 0)
    assert sentence.tolist() == [[0, 0, 0, 1, 1, 1, 2], [0, 0, 0, 0, 1, 0, 0]]
    assert place.tolist() == [[0, 1, 2, 0, 1, 2, 0], [0, 1, 2, 3, 0, 0, 0]]


def test_a_text_is_the_mean_of_the_means_of_its_sentences() -> None:
    tokens = torch.tensor([[2, 3, STOP, 4, STOP], [2, STOP, 0, 0, 0]])
    x = torch.randn(2, 5, 4, generator=torch.Generator().manual_seed(0))
    found = hierarchical()(x, tokens, tokens != 0)
    torch.testing.assert_close(found[0], (x[0, :3].mean(0) + x[0, 3:].mean(0)) / 2)
    torch.testing.assert_close(found[1], x[1, :2].mean(0))


def test_a_pooled_reader_passes_over_padding() -> None:
    tokens = torch.tensor([[2, 3, 4], [2, 3, 0]])
    x = torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(0))
    found = PooledReader(Plain(), 4, "mean")(x, tokens, tokens != 0)
    torch.testing.assert_close(found, torch.stack([x[0].mean(0), x[1, :2].mean(0)]))
