"""The optimiser of a run."""

from __future__ import annotations

import torch
from torch import nn

from attnframe.positions.base import Position
from attnframe.recipes.optim import OptimRecipe


def build_optimiser(module: nn.Module, optim: OptimRecipe) -> torch.optim.Adam:
    """AdamW (Loshchilov and Hutter 2019, https://arxiv.org/abs/1711.05101) or Adam (Kingma and Ba 2015,
    https://arxiv.org/abs/1412.6980) in the fused form, which is the fastest on CPU and GPU.

    Weight decay acts on weight matrices only: not on biases, norms, embeddings, position tables or single learned
    vectors (class tokens).
    """
    decayed, kept = decay_groups(module)
    groups = [{"params": decayed, "weight_decay": optim.weight_decay}, {"params": kept, "weight_decay": 0.0}]
    made = torch.optim.AdamW if optim.name == "adamw" else torch.optim.Adam
    return made(
        [group for group in groups if group["params"]], lr=optim.lr, betas=optim.betas, eps=optim.eps, fused=True
    )


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
