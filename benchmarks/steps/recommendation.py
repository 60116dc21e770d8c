"""Sequential recommenders."""

from __future__ import annotations

from typing import Final

import torch
import torch.nn.functional as F
from interleaved import Step
from torch import Tensor, nn

from attnframe.config.check import check
from attnframe.plugin.contract import Parts
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.position.learned import LearnedScheme
from steps.base import Case, training

HISTORIES: Final = (128, 50, 3416)
"""Users, items of each, and items in all."""


def histories() -> Tensor:
    """Full histories (128, 50) of items."""
    batch, length, number = HISTORIES
    return torch.randint(1, number + 1, (batch, length))


def recommender(parts: Parts) -> Step:
    """A step of the plugin's module on the peer's shapes. Where it has a skip, as many places are kept apart for it as
    in a batch of data, and its counts are of random histories."""
    from attnframe_recommendation.data.interactions import CALIBRATION_SHARE, to_lines
    from attnframe_recommendation.recipes.interactions import nominal
    from attnframe_recommendation.recommender import SequentialRecommender

    _, length, number = HISTORIES
    items = histories()
    lengths = (items > 0).sum(1)
    facts = nominal(number, length) | {"histories": to_lines(items.flatten().numpy(), lengths.numpy())}
    module = SequentialRecommender(parts, facts)
    places = items.flatten().nonzero().squeeze(1)
    last = places[length - 1 :: length * CALIBRATION_SHARE]
    held = last if module.skip is not None else last[:0]
    targets = torch.randint(1, number + 1, (items.numel(),))
    kept = places[~torch.isin(places, held)]
    given = {
        "items": items, "lengths": lengths, "places": kept, "targets": targets[kept],
        "held_places": held, "held_targets": targets[held],
    }  # fmt: skip
    return training(module, lambda: module.loss(given)[0])


def recommender_equal() -> Step:
    """Every dropout of the peer, and its loss."""
    from attnframe_recommendation.recipes.sequential_transformer import SequentialTransformer

    model = SequentialTransformer(
        dim=50, depth=2, dropout=0.2, mlp_ratio=1.0, activation="relu", loss="bce", negatives=1, transition_skip=False
    )
    attention = MultiHeadAttention(num_heads=1, dropout=0.2)
    return recommender(Parts(attention=attention, position=LearnedScheme(), model=model))


def recommender_own() -> Step:
    """The recipe of `experiment=sasrec_games`, as its quality is recorded."""
    return recommender(check(["experiment=sasrec_games"]).plans[0].parts)


class TorchRecommender(nn.Module):
    """SASRec of torch's attention: pre-norm blocks, one table of items at both ends."""

    def __init__(self) -> None:
        super().__init__()
        _, length, number = HISTORIES
        self.items, self.positions = nn.Embedding(number + 1, 50, padding_idx=0), nn.Embedding(length, 50)
        self.blocks = nn.ModuleList(
            nn.ModuleDict(
                {
                    "attention_norm": nn.LayerNorm(50),
                    "attention": nn.MultiheadAttention(50, 1, dropout=0.2, batch_first=True),
                    "feed": nn.Sequential(
                        nn.LayerNorm(50),
                        nn.Linear(50, 50),
                        nn.Dropout(0.2),
                        nn.ReLU(),
                        nn.Linear(50, 50),
                        nn.Dropout(0.2),
                    ),
                }
            )
            for _ in range(2)
        )
        self.norm = nn.LayerNorm(50)
        self.register_buffer("hidden", ~torch.tril(torch.ones(length, length, dtype=torch.bool)))

    def forward(self, items: Tensor) -> Tensor:
        x = F.dropout(self.items(items) * 50**0.5 + self.positions.weight, 0.2, self.training)
        for block in self.blocks:
            read = block["attention_norm"](x)
            x = x + block["attention"](read, read, read, attn_mask=self.hidden)[0]
            x = x + block["feed"](x)
        out: Tensor = self.norm(x)
        return out


def recommender_torch() -> Step:
    model, (batch, length, number) = TorchRecommender(), HISTORIES
    items = histories()
    true, other = (torch.randint(1, number + 1, (batch, length)) for _ in range(2))

    def loss() -> Tensor:
        states = model(items)
        found = [(states * model.items(chosen)).sum(-1) for chosen in (true, other)]
        return (F.softplus(-found[0]) + F.softplus(found[1])).mean()

    return training(model, loss)


CASES: Final[dict[str, Case]] = {
    "recommendation": Case(
        "training step, SASRec 50 x 2, length 50, batch 128, 3,416 items, dropout 0.2 everywhere, "
        "binary cross entropy, full histories",
        recommender_equal,
        {"torch SASRec": recommender_torch},
        1.2,
        (),
    ),
    "recommendation_own": Case(
        "training step, length 50, batch 128, 3,416 items, full histories: experiment=sasrec_games (48 x 2, sampled "
        "softmax, transition skip, no dropout of attention weights) beside SASRec 50 x 2 with dropout 0.2 everywhere",
        recommender_own,
        {"torch SASRec": recommender_torch},
        1.7,
        (),
    ),
}
