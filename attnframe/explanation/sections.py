"""An explanation as parts of a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from attnframe.explanation.explanation import Explanation
from attnframe.explanation.faithfulness import Deletion
from attnframe.explanation.statistics import LayerStatistics
from attnframe.pictures import Line, details, gallery, heatmap, lines, paragraph, remark, table
from attnframe.plugin.subject import Drawing, Values

ROWS: Final = 12
"""Units in the table of the most relevant ones."""


def drawings_of(explanation: Explanation) -> list[Drawing]:
    """The pictures of an explanation that are worth a file of their own."""
    subject = explanation.subject
    found = [
        Drawing(f"relevance-{_slug(name)}", f"By {name}", subject.picture(scaled(values), f"By {name}"))
        for name, values in explanation.relevance.items()
    ]
    rollout = next(iter(explanation.maps.values()))
    return [*found, *subject.drawings(rollout), Drawing("deletion", "Deletion", curves(explanation))]


def parts_of(explanation: Explanation, drawings: Sequence[Drawing] | None = None, *, heads: bool = True) -> list[str]:
    """The markup of an explanation, in order.

    Args:
        explanation: what was found. drawings: of `drawings_of`, where they are made already.
        heads: whether single heads are drawn.
    """
    subject = explanation.subject
    *pictures, deleted = drawings_of(explanation) if drawings is None else drawings
    count = len(explanation.relevance)
    parts = [paragraph(subject.answer)]
    parts += [paragraph(f"By {name}: {verdict}") for name, verdict in explanation.verdicts.items()]
    parts.append(gallery([drawing.fragment for drawing in pictures[:count]]))
    parts.append(
        remark(
            f"Each {subject.unit} as dark as its share in the answer, read {subject.read_out}. "
            + " ".join(f"By {name}: {one.source}." for name, one in explanation.maps.items())
            + (f" {subject.note}" if subject.note else "")
        )
    )
    if others := pictures[count:]:
        parts.append(gallery([drawing.fragment for drawing in others]))
    parts += [gallery([deleted.fragment, _most(explanation)]), remark(_test(explanation))]
    parts += [gallery(_statistics(explanation.statistics)), remark(_MEASURES)]
    if heads and explanation.heads:
        small = [
            subject.picture(scaled(values), f"{layer}, head {head + 1}", small=True)
            for layer, head, values in explanation.heads
        ]
        parts.append(details(f"Single heads ({len(small)})", [gallery(small)]))
    return parts


def scaled(values: Values) -> Values:
    """Values over their largest, so that pictures of many units are not all pale."""
    found: Values = values / (values.max() or 1.0)
    return found


def curves(explanation: Explanation) -> str:
    """The curves of deletion: each reading, and random order with the band of its orders."""
    deletion: Deletion = explanation.deletion
    x = deletion.deleted.tolist()
    low, high = (values.tolist() for values in (deletion.random.min(0), deletion.random.max(0)))
    series = [Line(f"by {name}", x, curve.tolist()) for name, curve in deletion.attended.items()]
    series.append(Line("random order", x, deletion.mean.tolist(), low, high))
    unit = explanation.subject.unit
    title = f"The answer as its {unit}s are deleted, the most relevant first"
    return lines(series, title, f"share of {unit}s deleted", explanation.subject.score)


_MEASURES: Final = (
    "Spread is the entropy of a query's weights over that of all its keys alike: 0 rests on one key, 1 on all. "
    "Sink mass is the share of all weight that rests on the one key that gets most."
)


def _statistics(layers: Sequence[LayerStatistics]) -> list[str]:
    most = max(len(layer.spread) for layer in layers)
    heads = [f"head {number + 1}" for number in range(most)]
    names = [layer.layer for layer in layers]

    def drawn(values: Sequence[Sequence[float]], title: str) -> str:
        rows = [[*row, *[np.nan] * (most - len(row))] for row in values]
        return heatmap(rows, names, heads, title, limits=(0.0, 1.0))

    return [
        drawn([layer.spread for layer in layers], "Spread of each head (normalised entropy)"),
        drawn([layer.sink_mass for layer in layers], "Sink mass of each head"),
    ]


def _most(explanation: Explanation) -> str:
    """The most relevant units in every reading."""
    names = list(explanation.relevance)
    ranked = [values.argsort(kind="stable")[::-1][:ROWS].tolist() for values in explanation.relevance.values()]
    columns = ["rank", *(column for name in names for column in (f"by {name}", "share"))]
    rows: list[list[str | int | float | None]] = []
    for rank in range(min(ROWS, len(explanation.subject.units))):
        row: list[str | int | float | None] = [str(rank + 1)]
        for name, order in zip(names, ranked, strict=True):
            row += [explanation.subject.units[order[rank]], float(explanation.relevance[name][order[rank]])]
        rows.append(row)
    return table(columns, rows, f"Most relevant {explanation.subject.unit}s")


def _test(explanation: Explanation) -> str:
    subject, orders = explanation.subject, len(explanation.deletion.random)
    return (
        f"A map is worth something when the answer falls faster in its order than in random order. A deleted "
        f"{subject.unit} is {subject.deletion}; the band holds {orders} random orders, and the area lies between their "
        f"mean and the curve of a map (Petsiuk et al. 2018)."
    )


def _slug(name: str) -> str:
    return "-".join("".join(letter if letter.isalnum() else " " for letter in name).split())
