"""The optimiser of a run."""

from __future__ import annotations

from collections.abc import Collection

import torch
from torch import nn

from attnframe.positions.base import Position
from attnframe.recipes.optim import OptimRecipe


def build_optimiser(module: nn.Module, optim: OptimRecipe, pretrained: Collection[str] = ()) -> torch.optim.Adam:
    """AdamW (Loshchilov and Hutter 2019, https://arxiv.org/abs/1711.05101) or Adam (Kingma and Ba 2015,
    https://arxiv.org/abs/1412.6980) in the fused form, which is the fastest on CPU and GPU.

    Weight decay acts on weight matrices only: not on biases, norms, embeddings, position tables or single learned
    vectors (class tokens). Each group has a ``ratio``, by which the learning rate of its parameters is multiplied.

    Args:
        module: what is trained. optim: the settings.
        pretrained: names of the parameters whose ratio is `pretrained_lr_ratio`.
    """
    known = {id(parameter) for name, parameter in module.named_parameters() if name in pretrained}
    groups = []
    for parameters, decay in zip(decay_groups(module), (optim.weight_decay, 0.0), strict=True):
        for ratio, given in ((1.0, False), (optim.pretrained_lr_ratio, True)):
            chosen = [parameter for parameter in parameters if (id(parameter) in known) == given]
            groups += [{"params": chosen, "weight_decay": decay, "ratio": ratio}] * bool(chosen)
    made = torch.optim.AdamW if optim.name == "adamw" else torch.optim.Adam
    return made(groups, lr=optim.lr, betas=optim.betas, eps=optim.eps, fused=True)


def decay_groups(module: nn.Module) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """Trainable parameters that are decayed, and those that are not; a weight shared with an embedding counts as
    embedding."""
    tables = {
        id(parameter)
        for part in module.modules()
        if isinstance(part, nn.Embedding | nn.EmbeddingBag | Position)
        for parameter in part.parameters()
    }
    decayed: list[nn.Parameter] = []
    kept: list[nn.Parameter] = []
    for parameter in module.parameters():
        if parameter.requires_grad:
            is_matrix = sum(size > 1 for size in parameter.shape) >= 2 and id(parameter) not in tables
            (decayed if is_matrix else kept).append(parameter)
    return decayed, kept
