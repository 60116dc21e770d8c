"""Explanations of recommendations: which items of a history drove the first one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from attnframe.explanation.read_out import last
from attnframe.interpretation import attention_layers
from attnframe.plugin.subject import Maps, Subject, Values
from attnframe_recommendation.explaining.ranked import ranked_bars
from attnframe_recommendation.inputs import History
from attnframe_recommendation.scores import masked

if TYPE_CHECKING:
    from attnframe_recommendation.recommender import SequentialRecommender


class RecommendedItem(Subject):
    """A history and the item that is recommended first. Items that are deleted become padding, whose vector is 0.

    Args:
        name: of the user. recommender: in evaluation mode. history: of the user.
        exclude_seen: whether items of the history are recommended again.
    """

    unit, many = "item", "items"
    deletion = "replaced by an item without content"
    read_out = "at the last item"

    def __init__(self, name: str, recommender: SequentialRecommender, history: History, exclude_seen: bool) -> None:
        self.recommender = recommender
        device = recommender.items.weight.device
        self.batch = {key: part.to(device) for key, part in history.batch(recommender.max_length).items()}
        with torch.no_grad():
            scores = recommender(self.batch)
            seen = history.seen.to(device) if exclude_seen else scores.new_zeros(1, 1).long()
            self.item = int(masked(scores, seen)[0].argmax())
            chance = float(scores[0, 1:].float().softmax(0)[self.item - 1])
        self.title = self._named(self.item)
        units = [self._named(item) for item in self.batch["items"][0].tolist()]
        self.score = f"log-probability of {self.title}"
        if recommender.skip is not None:
            self.note = "What usually follows the last item counts too, beside attention."
        answer = f"The model recommends {self.title} ({chance:.2%} among {recommender.number} items)."
        super().__init__(name, answer, recommender, units)

    def _named(self, item: int) -> str:
        titles = self.recommender.facts["titles"]
        return str(titles[item - 1] if titles and titles[item - 1] else self.recommender.facts["items"][item - 1])

    @property
    def layers(self) -> Sequence[str]:
        layers = attention_layers(self.recommender)
        return [
            name for name, layer in layers.items() if name.startswith("network.") and name.endswith("self_attention")
        ]

    def scores(self, kept: Tensor) -> Tensor:
        versions = {key: part.expand(len(kept), *part.shape[1:]) for key, part in self.batch.items()}
        items = torch.where(kept.to(self.batch["items"].device), self.batch["items"], 0)
        scores: Tensor = self.recommender({**versions, "items": items})
        return scores[:, 1:].float().log_softmax(1)[:, self.item - 1]

    def relevance(self, maps: Maps) -> Tensor:
        return last(maps.through("network."))[0]

    def picture(self, values: Values, title: str, *, small: bool = False) -> str:
        return ranked_bars(self.units, values, title, small=small)

    def plain(self) -> Mapping[str, Any]:
        return {"recommended": self.recommender.facts["items"][self.item - 1], "title": self.title}
