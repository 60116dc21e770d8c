"""The attention decoder beside CTC: writes letters, attending encoded positions."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attnframe.masks import Padding
from attnframe.models import Decoder
from attnframe.plugin.contract import Parts
from attnframe_speech.letters import BLANK
from attnframe_speech.networks.stem import within
from attnframe_speech.recipes.recogniser_models import RecogniserModel

LONGEST = 1000
"""Letters that a learned table of positions holds."""


class Writer(nn.Module):
    """The likelihood of texts under a decoder with cross attention (Watanabe et al. 2017). One number above the letters
    both begins and ends a text.

    Args:
        model: its recipe, with at least one decoder block.
        parts: attention and position recipes.
        letters: how many numbers there are, the blank among them.
    """

    def __init__(self, model: RecogniserModel, parts: Parts, letters: int) -> None:
        super().__init__()
        self.edge = letters
        self.embedding = nn.Embedding(letters + 1, model.dim)
        nn.init.normal_(self.embedding.weight, std=model.dim**-0.5)
        position = parts.build_position(max_length=LONGEST, causal=True)
        self.decoder = Decoder(
            model.dim, model.decoder, parts.attention, position, context_dim=model.dim, dropout=model.dropout
        )
        self.head = nn.Linear(model.dim, letters + 1)

    def forward(self, letters: Tensor, lengths: Tensor, states: Tensor, present: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (B, U + 1, V + 1) of each letter and of the end after those before it, and what they should say
        (B, U + 1), -100 after the end.

        Args:
            letters: (B, U). lengths: (B,) letters of each text.
            states: (B, T, D) encoded positions. present: (B, T) which of them are no padding.
        """
        edge = torch.full_like(letters[:, :1], self.edge)
        said = self.embedding(torch.cat([edge, letters], 1))
        padding = Padding(within(lengths + 1, said.shape[1]))
        logits = self.head(self.decoder(said, states, mask=padding, context_mask=Padding(present)))
        after = torch.cat([letters, torch.full_like(edge, BLANK)], 1)
        places = torch.arange(after.shape[1], device=after.device)
        wanted = after.masked_fill(places == lengths.unsqueeze(1), self.edge)
        return logits, wanted.masked_fill(places > lengths.unsqueeze(1), -100)

    def loss(self, letters: Tensor, lengths: Tensor, states: Tensor, present: Tensor, smoothing: float) -> Tensor:
        """Mean cross entropy of a letter in nats; arguments as `forward`, and the share of targets spread evenly."""
        logits, wanted = self(letters, lengths, states, present)
        return F.cross_entropy(logits.flatten(0, 1), wanted.flatten(), label_smoothing=smoothing)

    def scores(self, letters: Tensor, lengths: Tensor, states: Tensor, present: Tensor) -> Tensor:
        """Log probability (B,) of each text, its end included; arguments as `forward`."""
        logits, wanted = self(letters, lengths, states, present)
        surprise = F.cross_entropy(logits.flatten(0, 1).float(), wanted.flatten(), reduction="none")
        return -surprise.view(wanted.shape).sum(1)
