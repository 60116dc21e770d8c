"""The explanation of one answer: readings of the attention, their test, and what is measured on each head."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import torch
from torch import Tensor

from attnframe.explanation.faithfulness import Deletion, deletion
from attnframe.explanation.maps import READINGS, LayerMaps
from attnframe.explanation.statistics import LayerStatistics, statistics
from attnframe.interpretation import attribution
from attnframe.plugin.subject import Subject, Values
from attnframe.recipes.explain import ExplainRecipe

MOST_UNITS: Final = 400
"""Units whose numbers are written to the file, the most relevant ones."""


@dataclass(frozen=True)
class Explanation:
    """What was found.

    Args:
        subject: the input and its answer.
        maps: the readings, by name.
        relevance: (U,) the share of each unit by name of the reading, summing to one.
        deletion: the curves of all readings.
        statistics: of each layer.
        options: as what it was made with.
    """

    subject: Subject
    maps: Mapping[str, LayerMaps]
    relevance: Mapping[str, Values]
    deletion: Deletion
    statistics: tuple[LayerStatistics, ...]
    options: ExplainRecipe

    @property
    def ranked(self) -> list[str]:
        """The readings by name, the one whose order hurts the answer most first."""
        return sorted(self.maps, key=self.deletion.area, reverse=True)

    @property
    def verdicts(self) -> dict[str, str]:
        """One plain sentence on each reading, the best first."""
        return {name: self.deletion.verdict(name) for name in self.ranked}

    @property
    def faithful(self) -> bool:
        """Whether any reading names what the answer rests on, better than random order does."""
        return any(self.deletion.faithful(name) for name in self.maps)

    @cached_property
    def heads(self) -> list[tuple[str, int, Values]]:
        """Layer, head and shares of the units (U,) by that head alone, of the layers that relevance is read from;
        of many heads some that are spread evenly."""
        rollout = next(iter(self.maps.values()))
        layers = {name: layer for name, layer in rollout.layers.items() if name in rollout.used}
        every = [(name, head) for name, layer in layers.items() for head in range(layer.shape[1])]
        most = self.options.heads
        chosen = every if len(every) <= most else [every[number * len(every) // most] for number in range(most)]
        return [(name, head, shares(self.subject.relevance(rollout.only(name, head)))) for name, head in chosen]

    def plain(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        return {
            "input": self.subject.name,
            "answer": self.subject.answer,
            **self.subject.plain(),
            "unit": self.subject.unit,
            "units": len(self.subject.units),
            "read_out": self.subject.read_out,
            "readings": {name: self._reading(name) for name in self.maps},
            "deletion": {
                "score": self.subject.score,
                "deleted_by": self.subject.deletion,
                "share_deleted": self.deletion.deleted.tolist(),
                "random_mean": self.deletion.mean.tolist(),
                "random_orders": len(self.deletion.random),
            },
            "faithful": self.faithful,
            "layers": [{**vars(one)} for one in self.statistics],
        }

    def _reading(self, name: str) -> dict[str, Any]:
        values = self.relevance[name]
        most = values.argsort(kind="stable")[::-1][:MOST_UNITS].tolist()
        return {
            "source": self.maps[name].source,
            "verdict": self.verdicts[name],
            "faithful": self.deletion.faithful(name),
            "area_below_random": self.deletion.area(name),
            "random_orders_beaten": self.deletion.beaten(name),
            "curve": self.deletion.attended[name].tolist(),
            "most_relevant": [
                {"number": number, "unit": self.subject.units[number], "share": float(values[number])}
                for number in most
            ],
        }

    def _repr_html_(self) -> str:
        from attnframe.explanation.sections import parts_of

        return "".join(parts_of(self))


def explain_subject(subject: Subject, options: ExplainRecipe) -> Explanation:
    """Explain one answer.

    Args:
        subject: the input and its answer. options: how well it is tested.

    Raises:
        UnsupportedError: when the attention variant has no weights to show.
        ConfigurationError: when the model has no attention layer.
    """
    with torch.enable_grad(), attribution(subject.model, subject.layers) as found:
        torch.autograd.backward(subject.strength())
    subject.model.zero_grad(set_to_none=True)
    ran = found.weights
    # A layer that the answer does not depend on has no gradient, and no part in it.
    products = {name: found.products.get(name, torch.zeros_like(one)) for name, one in ran.items()}
    maps = {reading.name: reading(layers) for reading, layers in zip(READINGS, (ran, products), strict=True)}
    with torch.no_grad():
        relevance = {name: subject.relevance(one).float().cpu() for name, one in maps.items()}
    curves = deletion(subject.scores, relevance, orders=options.orders, steps=options.steps)
    return Explanation(
        subject=subject,
        maps=maps,
        relevance={name: shares(one) for name, one in relevance.items()},
        deletion=curves,
        statistics=tuple(statistics(ran)),
        options=options,
    )


def shares(relevance: Tensor) -> Values:
    """Relevance (U,) over its sum; all alike where it is 0."""
    values = relevance.double().clamp(min=0).cpu()
    total = values.sum()
    found: Values = (values / total if total > 0 else torch.full_like(values, 1 / max(len(values), 1))).numpy()
    return found
