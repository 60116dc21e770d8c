"""The networks: states as vectors, and causal attention over the tokens of steps."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.models import Encoder
from attnframe.plugin.contract import Facts, Parts


class StateEmbedding(nn.Module):
    """States (..., S) to vectors (..., D): a linear map of real numbers, standardised, or the sum of one vector for
    each value of each cell.

    Args:
        facts: ``state_size`` S, ``cell_values``, ``mean`` and ``std``.
        dim: D.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, facts: Facts, dim: int) -> None:
        super().__init__()
        size, self.values = facts["state_size"], facts["cell_values"]
        self.register_buffer("mean", torch.tensor(facts["mean"]), persistent=False)
        self.register_buffer("std", torch.tensor(facts["std"]), persistent=False)
        self.linear = nn.Linear(size * max(self.values, 1), dim)

    def forward(self, states: Tensor) -> Tensor:
        if self.values:
            states = nn.functional.one_hot(states.long(), self.values).flatten(-2).to(self.linear.weight.dtype)
        else:
            states = (states - self.mean) / self.std
        vectors: Tensor = self.linear(states)
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
