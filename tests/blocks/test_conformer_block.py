"""The Conformer's block: its formula, padding and checkpointing."""

from __future__ import annotations

import torch

from attnframe import Attention
from attnframe.blocks import ConformerBlock, ConvolutionModule, FeedForward, checkpoint_activations
from attnframe.masks import Padding


def make(dropout: float = 0.0) -> ConformerBlock:
    torch.manual_seed(0)
    feed = [FeedForward(8, 16, "silu") for _ in range(2)]
    return ConformerBlock(8, Attention(8, 2), ConvolutionModule(8, 3), *feed, dropout=dropout).double()


def test_equals_its_formula() -> None:
    block = make()
    x = torch.randn(2, 5, 8, dtype=torch.float64)
    after = x + block.first(block.first_norm(x)) / 2
    after = after + block.self_attention(block.self_norm(after))
    after = after + block.convolution(block.convolution_norm(after))
    after = block.final_norm(after + block.second(block.second_norm(after)) / 2)
    torch.testing.assert_close(block(x), after)


def test_padding_changes_nothing() -> None:
    block = make()
    x = torch.randn(1, 7, 8, dtype=torch.float64)
    padded = torch.cat([x, torch.full((1, 2, 8), 9.0, dtype=torch.float64)], 1)
    valid = torch.arange(9).unsqueeze(0) < 7
    torch.testing.assert_close(block(padded, mask=Padding(valid))[:, :7], block(x))


def test_checkpointing_changes_no_gradient() -> None:
    block = make(dropout=0.2)
    x = torch.randn(2, 5, 8, dtype=torch.float64)
    gradients = []
    for enabled in (False, True):
        assert checkpoint_activations(block, enabled) == 1
        block.zero_grad()
        torch.manual_seed(1)
        block(x).square().sum().backward()
        gradients.append([parameter.grad for parameter in block.parameters()])
    torch.testing.assert_close(gradients[0], gradients[1])
