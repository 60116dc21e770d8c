"""An explanation as parts of a page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Final

import numpy as np

from attnframe.explanation.explanation import Explanation
from attnframe.explanation.faithfulness import Deletion
from attnframe.explanation.statistics import LayerStatistics
from attnframe.pictures import Line, details, gallery, heatmap, lines, paragraph, remark, table
from attnframe.pictures.axes import PLOT
from attnframe.pictures.figure import shorten
from attnframe.pictures.markup import element, escape
from attnframe.plugin.subject import Drawing, Values

ROWS: Final = 12
"""Units in the table of the most relevant ones."""


def drawings_of(explanation: Explanation) -> list[Drawing]:
    """The pictures of an explanation that are worth a file of their own."""
    subject = explanation.subject
    found = [
        Drawing(
            f"relevance-{_slug(name)}",
            f"By {name}",
            subject.picture(scaled(explanation.relevance[name]), f"By {name}"),
        )
        for name in explanation.ranked
    ]
    best = explanation.maps[explanation.ranked[0]]
    return [*found, *subject.drawings(best), Drawing("deletion", "Deletion", curves(explanation))]


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
    parts += [
        element("p", element("strong", escape(f"By {name}: {verdict}")))
        for name, verdict in explanation.verdicts.items()
    ]
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
    parts += [gallery([deleted.fragment, *_statistics(explanation.statistics)]), remark(_test(explanation))]
    parts += [remark(_MEASURES), _most(explanation)]
    if heads and explanation.heads:
        short = short_names([layer for layer, _, _ in explanation.heads])
        small = [
            subject.picture(scaled(values), f"{short[layer]}, head {head + 1}", small=True)
            for layer, head, values in explanation.heads
        ]
        parts.append(details(f"Single heads ({len(small)})", [gallery(small)]))
    return parts


def scaled(values: Values) -> Values:
    """Values over their largest, so that pictures of many units are not all pale."""
    found: Values = values / (values.max() or 1.0)
    return found


def curves(explanation: Explanation) -> str:
    """The curves of deletion: each reading, random order, and the area between this and the best of them."""
    deletion: Deletion = explanation.deletion
    x = deletion.deleted.tolist()
    mean = deletion.mean.tolist()
    best, *others = explanation.ranked
    own = deletion.attended[best]
    between = np.minimum(own, deletion.mean).tolist(), np.maximum(own, deletion.mean).tolist()
    series = [Line(f"by {best}", x, own.tolist(), *between)]
    series += [Line(f"by {name}", x, deletion.attended[name].tolist()) for name in others]
    series.append(Line("random order", x, mean))
    many = explanation.subject.many
    title = f"The answer as its {many} are deleted, the most relevant first"
    return lines(series, title, f"share of {many} deleted", shorten(explanation.subject.score, PLOT))


_MEASURES: Final = (
    "Spread is the entropy of a query's weights over that of all its keys alike: 0 rests on one key, 1 on all. "
    "Sink mass is the share of all weight that rests on the one key that gets most."
)


def _statistics(layers: Sequence[LayerStatistics]) -> list[str]:
    most = max(len(layer.spread) for layer in layers)
    heads = [f"head {number + 1}" for number in range(most)]
    short = short_names([layer.layer for layer in layers])
    names = [short[layer.layer] for layer in layers]

    def drawn(values: Sequence[Sequence[float]], title: str) -> str:
        rows = [[*row, *[np.nan] * (most - len(row))] for row in values]
        return heatmap(rows, names, heads, title, limits=(0.0, 1.0))

    return [
        drawn([layer.spread for layer in layers], "Spread of each head (normalised entropy)"),
        drawn([layer.sink_mass for layer in layers], "Sink mass of each head"),
    ]


def _most(explanation: Explanation) -> str:
    """The most relevant units in every reading."""
    names = explanation.ranked
    ranked = [explanation.relevance[name].argsort(kind="stable")[::-1][:ROWS].tolist() for name in names]
    columns = ["rank", *(column for name in names for column in (f"by {name}", "share"))]
    rows: list[list[str | int | float | None]] = []
    for rank in range(min(ROWS, len(explanation.subject.units))):
        row: list[str | int | float | None] = [str(rank + 1)]
        for name, order in zip(names, ranked, strict=True):
            row += [explanation.subject.units[order[rank]], float(explanation.relevance[name][order[rank]])]
        rows.append(row)
    return table(columns, rows, f"Most relevant {explanation.subject.many}")


def _test(explanation: Explanation) -> str:
    subject, orders = explanation.subject, len(explanation.deletion.random)
    return (
        f"A map is worth something when the answer falls faster in its order than in random order. A deleted "
        f"{subject.unit} is {subject.deletion}; the area lies between the curve of a map and the mean of {orders} "
        f"random orders (Petsiuk et al. 2018)."
    )


def short_names(names: Sequence[str]) -> dict[str, str]:
    """Names of layers without what all of them have: ``layer 0``, ``decoder 0 cross``.

    Args:
        names: of layers, with dots.
    """
    parts = {name: name.split(".") for name in names}
    first = _alike(list(parts.values()))
    last = _alike([own[first:][::-1] for own in parts.values()])
    shared = set.intersection(*(set(own) for own in parts.values()))
    told = {}
    for name, own in parts.items():
        kept = [part for part in own[first : len(own) - last] if part.isdigit() or part not in shared] or own[-1:]
        told[name] = " ".join(part.removesuffix("_attention") for part in kept)
    return {name: f"layer {own}" if own.isdigit() else own for name, own in told.items()}


def _alike(names: Sequence[Sequence[str]]) -> int:
    """How many parts all names begin with."""
    return sum(1 for _ in takewhile(lambda parts: len(set(parts)) == 1, zip(*names, strict=False)))


def _slug(name: str) -> str:
    return "-".join("".join(letter if letter.isalnum() else " " for letter in name).split())
