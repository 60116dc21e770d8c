from __future__ import annotations

import torch
from torch import nn

from attnframe.recipes.optim import OptimRecipe
from attnframe.training.optimiser import build_optimiser, decay_groups


class Sample(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(7, 4)
        self.linear = nn.Linear(4, 4)
        self.norm = nn.LayerNorm(4)
        self.conv = nn.Conv2d(1, 4, 2)
        self.class_token = nn.Parameter(torch.zeros(1, 1, 4))
        self.head = nn.Linear(4, 7, bias=False)
        self.head.weight = self.embedding.weight
        self.frozen = nn.Parameter(torch.zeros(3, 3), requires_grad=False)


def test_only_weight_matrices_are_decayed() -> None:
    module = Sample()
    names = {id(parameter): name for name, parameter in module.named_parameters()}
    decayed, kept = decay_groups(module)
    assert [names[id(parameter)] for parameter in decayed] == ["linear.weight", "conv.weight"]
    assert {names[id(parameter)] for parameter in kept} == {
        "embedding.weight",
        "linear.bias",
        "norm.weight",
        "norm.bias",
        "conv.bias",
        "class_token",
    }


def test_a_step_equals_adamw_worked_out_by_hand() -> None:
    linear = nn.Linear(2, 2)
    optim = OptimRecipe(lr=0.1, weight_decay=0.5, betas=(0.9, 0.99), eps=1e-8)
    optimiser = build_optimiser(linear, optim)
    weight, bias = linear.weight.detach().clone(), linear.bias.detach().clone()
    (linear.weight.sum() + linear.bias.sum()).backward()  # every gradient is 1, so the first step has length lr
    optimiser.step()
    torch.testing.assert_close(linear.weight.detach(), weight * (1 - 0.1 * 0.5) - 0.1)
    torch.testing.assert_close(linear.bias.detach(), bias - 0.1)


def test_adam_adds_the_decay_to_the_gradient() -> None:
    linear = nn.Linear(2, 2)
    optimiser = build_optimiser(linear, OptimRecipe(name="adam", lr=0.1, weight_decay=0.5))
    weight, bias = linear.weight.detach().clone(), linear.bias.detach().clone()
    (0.0 * linear.weight.sum() + linear.bias.sum()).backward()  # of the weights, only the decay has a direction
    optimiser.step()
    torch.testing.assert_close(linear.weight.detach(), weight - 0.1 * weight.sign())
    torch.testing.assert_close(linear.bias.detach(), bias - 0.1)
