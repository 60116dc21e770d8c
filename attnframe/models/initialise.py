"""Initial weights."""

from __future__ import annotations

from torch import nn

from attnframe.attention.layer import Attention
from attnframe.blocks import Block, FeedForward


def initialise(model: nn.Module, std: float) -> None:
    r"""Draw the weights of every block of a model as GPT-2 does (Radford et al. 2019).

    Linear maps start normal with deviation `std`, biases at 0. Maps that end a residual branch are smaller by the root
    of the number n of branches, so that the sum of all branches starts with the deviation of one:

    .. math:: w \sim N(0, \sigma^2), \qquad w_\mathrm{out} \sim N(0, \sigma^2 / n)

    Norms, positions and what a mixer itself learns keep their own initial values.

    Args:
        model: any module that holds `Block`.
        std: standard deviation, above 0.
    """
    blocks = [module for module in model.modules() if isinstance(module, Block)]
    branches = sum(2 if block.cross_attention is None else 3 for block in blocks)
    for block in blocks:
        for part in block.children():
            if isinstance(part, Attention | FeedForward):
                for name, linear in part.named_modules():
                    if isinstance(linear, nn.Linear):
                        ends = name.rpartition(".")[2] in ("output_proj", "output")
                        _draw(linear, std * branches**-0.5 if ends else std)


def _draw(linear: nn.Linear, std: float) -> None:
    nn.init.normal_(linear.weight, std=std)
    if linear.bias is not None:
        nn.init.zeros_(linear.bias)
