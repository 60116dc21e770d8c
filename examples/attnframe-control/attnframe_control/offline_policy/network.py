"""The networks: states as vectors, and causal attention over the tokens of steps."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.models import Encoder
from attnframe.plugin.contract import Facts, Parts


def features(states: Tensor, cell_values: int) -> Tensor:
    """States (..., S) as real numbers (..., F): themselves, or for each cell which of its values it has.

    Args:
        states: as a world gives them. cell_values: how many values a cell can have; 0 for real numbers.
    """
    if not cell_values:
        return states
    return (states.unsqueeze(-1) == torch.arange(cell_values, device=states.device)).flatten(-2).float()


class StateEmbedding(nn.Module):
    """States (..., S) to vectors (..., D): a linear map of their features, which are standardised, so that what is
    rare among them weighs as much as what is common.

    Args:
        facts: ``cell_values``, and ``mean`` and ``std`` of the F features.
        dim: D.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, facts: Facts, dim: int) -> None:
        super().__init__()
        self.cell_values = facts["cell_values"]
        self.register_buffer("mean", torch.tensor(facts["mean"]), persistent=False)
        self.register_buffer("std", torch.tensor(facts["std"]), persistent=False)
        self.linear = nn.Linear(len(facts["mean"]), dim)

    def forward(self, states: Tensor) -> Tensor:
        vectors: Tensor = self.linear((features(states, self.cell_values) - self.mean) / self.std)
        return vectors


class StepNetwork(nn.Module):
    r"""Causal blocks over the tokens of K steps (Decision Transformer, Chen et al. 2021,
    https://arxiv.org/abs/2106.01345): the return to go :math:`\hat R_t`, the state :math:`s_t` and the action
    :math:`a_t` of each.

    .. math:: \pi(a_t) = \mathrm{softmax}(W\, \mathrm{Blocks}(\hat R_1, s_1, a_1, \dots, \hat R_t, s_t)_{3t-1})

    Where a token stands is told by the position of the framework; the time within the episode is not.

    Args:
        parts: attention, position and model. facts: of the data.
    """

    def __init__(self, parts: Parts, facts: Facts) -> None:
        super().__init__()
        model = parts.model
        position = parts.build_position(max_length=3 * facts["context"], causal=True)
        self.embed_return = nn.Linear(1, model.dim)
        self.embed_state = StateEmbedding(facts, model.dim)
        self.embed_action = nn.Embedding(len(facts["actions"]), model.dim)
        self.norm = nn.LayerNorm(model.dim)
        self.blocks = Encoder(
            model.dim,
            model.depth,
            parts.attention,
            position,
            causal=True,
            mlp_ratio=model.mlp_ratio,
            dropout=model.dropout,
        )
        self.head = nn.Linear(model.dim, len(facts["actions"]))

    def tokens(self, returns: Tensor, states: Tensor, actions: Tensor) -> Tensor:
        """Tokens (B, 3T, D) of returns (B, T), states (B, T, S) and actions (B, T)."""
        steps = (self.embed_return(returns.unsqueeze(2)), self.embed_state(states), self.embed_action(actions))
        tokens: Tensor = self.norm(torch.stack(steps, 2).flatten(1, 2))
        return tokens

    def read(self, tokens: Tensor) -> Tensor:
        """Logits (B, T, A) of the action of each step, read at its state."""
        logits: Tensor = self.head(self.blocks(tokens)[:, 1::3])
        return logits
