"""The table of a suite as one offline page. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attnframe.baselines.overview import MEANING, OVERVIEW, overview_rows, tally
from attnframe.baselines.tables import (
    HEAD,
    SCORE,
    cell_rows,
    class_rows,
    heading,
    introduction,
    pattern_rows,
    refused_rows,
)
from attnframe.pictures import Section, bars, details, gallery, page, paragraph, preformatted, remark, table

MOST_CLASSES = 30
"""Classes that the page shows, the worst ones."""


def as_html(summary: Mapping[str, Any]) -> str:
    """The whole table, with a picture of each cell and of each pattern."""
    sections = []
    overview = overview_rows(summary)
    if overview:
        sections.append(Section("Overview", [paragraph(f"{tally(summary)} {MEANING}"), table(OVERVIEW, overview)]))
    header, rows = pattern_rows(summary)
    if rows:
        pictures = [
            bars(
                [one["attention"] for one in found["scores"]],
                [one["score"] for one in found["scores"]],
                found["pattern"],
                errors=[one["deviation"] for one in found["scores"]],
            )
            for found in summary["patterns"]
        ]
        sections.append(Section("Patterns", [paragraph(SCORE), gallery(pictures), table(header, rows)]))
    for cell in summary["cells"]:
        told = [paragraph(f"{heading(cell)}.")]
        if cell["protocol"]:
            told.append(remark(f"Protocol: {cell['protocol']}."))
        told.append(remark(f"{cell['test_examples']:,} test examples, data {cell['data_hash'][:12]}"))
        classes, scores = class_rows(cell)
        folded = [details("F1 of each class", [table(classes, scores[:MOST_CLASSES])])] if scores else []
        sections.append(Section(cell["name"], [*told, _picture(cell), table(HEAD, cell_rows(cell)), *folded]))
    refused = refused_rows(summary)
    if refused:
        sections.append(Section("Refused", [table(("attention", "cells", "reason"), refused)]))
    head = [preformatted(summary["command"]), paragraph(introduction(summary))]
    return page(f"Baselines: {summary['suite']}", sections, head)


def _picture(cell: Mapping[str, Any]) -> str:
    """The results of a cell as bars, floor and published numbers as lines."""
    sign = -1 if cell["better"] == "max" else 1
    rows = sorted((row for row in cell["rows"] if row["mean"] is not None), key=lambda row: sign * row["mean"])
    if not rows:
        return ""
    marks = {"floor": cell["floor"]["value"]} if cell["floor"] else {}
    for number, one in enumerate(cell["published"], 1):
        marks["published" if len(cell["published"]) == 1 else f"published {number}"] = one["value"]
    names, means = [row["attention"] for row in rows], [row["mean"] for row in rows]
    drawings = [bars(names, means, cell["metric"], errors=[row["deviation"] for row in rows], marks=marks)]
    beside = [row for row in rows if row["difference"] is not None]
    if beside:
        title = "Difference to the control"
        drawings.append(bars([row["attention"] for row in beside], [row["difference"] for row in beside], title))
    return gallery(drawings)
