"""The Conformer's block against torchaudio's, whose batch norm and our layer norm within the convolution are left out:
they differ on purpose.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torchaudio.models.conformer import ConformerLayer

from attnframe import Attention
from attnframe.blocks import ConformerBlock, ConvolutionModule, FeedForward

D = 12


def copy_weights(ours: ConformerBlock, theirs: ConformerLayer) -> list[tuple[nn.Parameter, torch.Tensor]]:
    """Give torchaudio's layer our weights, and biases of 0 where we have none; pairs of weights of the same layout."""
    projections: Any = ours.self_attention.projections
    convolution = theirs.conv_module.sequential
    pairs = [
        (ours.first.hidden.weight, theirs.ffn1.sequential[1].weight),
        (ours.first.hidden.bias, theirs.ffn1.sequential[1].bias),
        (ours.first.output.weight, theirs.ffn1.sequential[4].weight),
        (ours.first.output.bias, theirs.ffn1.sequential[4].bias),
        (ours.second.hidden.weight, theirs.ffn2.sequential[1].weight),
        (ours.second.hidden.bias, theirs.ffn2.sequential[1].bias),
        (ours.second.output.weight, theirs.ffn2.sequential[4].weight),
        (ours.second.output.bias, theirs.ffn2.sequential[4].bias),
        (projections.input_proj.weight, theirs.self_attn.in_proj_weight),
        (projections.output_proj.weight, theirs.self_attn.out_proj.weight),
        (ours.convolution.hidden.bias, convolution[0].bias),
        (ours.convolution.depthwise.weight, convolution[2].weight),
        (ours.convolution.output.bias, convolution[5].bias),
    ]
    with torch.no_grad():
        for mine, other in pairs:
            other.copy_(mine)
        theirs.self_attn.in_proj_bias.zero_()
        theirs.self_attn.out_proj.bias.zero_()
        convolution[0].weight.copy_(ours.convolution.hidden.weight.unsqueeze(2))
        convolution[2].bias.zero_()
        convolution[5].weight.copy_(ours.convolution.output.weight.unsqueeze(2))
    return pairs


def test_equals_torchaudio(agree: Callable[..., None]) -> None:
    """float64, 1e-8: the order of operations differs."""
    torch.manual_seed(0)
    feed = [FeedForward(D, 24, "silu") for _ in range(2)]
    ours = ConformerBlock(D, Attention(D, 3), ConvolutionModule(D, 5), *feed).double()
    theirs = ConformerLayer(D, 24, 3, 5).double()
    ours.convolution.norm = nn.Identity()
    theirs.conv_module.sequential[3] = nn.Identity()
    pairs = copy_weights(ours, theirs)
    x = torch.randn(2, 9, D, dtype=torch.float64)
    agree(ours, lambda x: theirs(x.transpose(0, 1), None).transpose(0, 1), x, tolerance=1e-8, pairs=pairs)
