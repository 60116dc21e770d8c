"""Where a trained model looks in one test example: the attention part of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from attnframe.attention.mixer import Call, Mixer
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.interpretation import entropy, sink_mass, watch, weights_of
from attnframe.pictures import Panel
from attnframe.plugin.task_module import TaskModule

MOST_WEIGHTS = 2**24
"""Weights of a layer that are looked at; larger ones would take longer than a second."""
MOST_HEADS = 8
"""Heads of the last layer that are drawn."""
MOST_PLACES = 64
"""Queries and keys that a map is reduced to."""
DARKEST = 0.98
"""Share of a map's weights that the scale of colours ends at, so that a few large ones do not pale all others."""


@torch.no_grad()
def attention_panels(module: TaskModule, batch: Any) -> list[Panel]:
    """Spread and first-key weight of every head, and the maps of the last layer; or a remark that says why not.

    Args:
        module: in evaluation mode. batch: of one test example, on its device.
    """
    look = _Look()
    try:
        with watch(module, None, look):
            module.loss(batch)
        if not look.names:
            raise look.refusal or ConfigurationError(())
    except (ConfigurationError, UnsupportedError) as error:
        faults = "; ".join(str(fault) for fault in error.faults) or "no layer ran."
        return [Panel("remark", {"text": f"No attention weights to show: {faults}"})]
    return look.panels()


class _Look:
    """Measures each layer as it runs; the last run of a layer counts."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.spread: dict[str, Tensor] = {}
        self.sink: dict[str, Tensor] = {}
        self.maps: tuple[str, Tensor] | None = None
        self.refusal: UnsupportedError | None = None
        self._too_large: list[str] = []

    def __call__(self, name: str, mixer: Mixer, query: Tensor, key: Tensor, call: Call) -> None:
        extent = call.extent
        if extent.batch * extent.heads * extent.queries * extent.keys > MOST_WEIGHTS:
            self._too_large.append(name)
            return
        try:
            if min(extent.queries, extent.keys) > 1:
                # The first row of the batch alone: windows and folded channels make rows of one example.
                self.maps = name, weights_of(mixer, query, key, call, lambda weights: weights[:1])[0]
                self._shown(name)
            measured = weights_of(mixer, query, key, call, _measures)  # refused where a weight is negative
        except UnsupportedError as error:
            self.refusal = error
            return
        self._shown(name)
        self.spread[name], self.sink[name] = (part.nanmean(dim=(0, 2)) for part in measured.float().unbind(-1))

    def _shown(self, name: str) -> None:
        if name not in self.names:
            self.names.append(name)

    def panels(self) -> list[Panel]:
        """The drawings of what was measured."""
        short = dict(zip(self.names, _short_names(self.names), strict=True))
        found = self._measured([short[name] for name in self.spread]) if self.spread else []
        if self.maps is not None:
            name, weights = self.maps
            found += [_map(short[name], head, one) for head, one in enumerate(weights[:MOST_HEADS])]
            shown = f"{min(len(weights), MOST_HEADS)} of {len(weights)} heads of the last layer are shown"
            scale = f"in the darkest colour from the weight on that {1 - DARKEST:.0%} of a map exceed"
            found.append(Panel("remark", {"text": f"{shown}, {scale}; long inputs as means of neighbours."}))
        if self._too_large:
            text = f"Too many weights to look at in {', '.join(dict.fromkeys(self._too_large))}."
            found.append(Panel("remark", {"text": text}))
        if self.refusal is not None:
            told = "; ".join(str(fault) for fault in self.refusal.faults)
            found.append(Panel("remark", {"text": f"Not everything can be shown of all layers: {told}"}))
        return found

    def _measured(self, names: Sequence[str]) -> list[Panel]:
        heads = [f"{number}" for number in range(max(len(row) for row in self.spread.values()))]
        shared = {"rows": names, "columns": heads, "row_label": "layer", "column_label": "head", "limits": (0.0, 1.0)}
        drawn = [
            ("Spread: entropy of a query's weights over that of uniform ones", self.spread),
            ("Sink: share of a query's weight on the first key", self.sink),
        ]
        return [
            Panel("heatmap", {**shared, "title": title, "matrix": _rows(values, len(heads))}) for title, values in drawn
        ]


def _measures(weights: Tensor) -> Tensor:
    """(B, H, t, S) to (B, H, t, 2): entropy over that of uniform weights on the keys in use, nan where that is one key
    or none; and the weight of the first key, nan where there is none."""
    keys = (weights > 0).sum(dim=-1)
    spread = entropy(weights) / keys.clamp(min=2).log()
    sink = sink_mass(weights)
    return torch.stack([spread.masked_fill(keys < 2, torch.nan), sink.masked_fill(keys == 0, torch.nan)], -1)


def _map(layer: str, head: int, weights: Tensor) -> Panel:
    small = weights.float().cpu()
    size = min(small.shape[0], MOST_PLACES), min(small.shape[1], MOST_PLACES)
    if small.shape != size:
        small = torch.nn.functional.adaptive_avg_pool2d(small.unsqueeze(0), size)[0]
    sizes = small.abs()
    darkest = float(sizes[sizes > 0].quantile(DARKEST)) if (sizes > 0).any() else 1.0
    shown = {
        "row_label": "query",
        "column_label": "key",
        "rows": [],
        "columns": [],
        "limits": (-darkest if (small < 0).any() else 0.0, darkest),
    }
    matrix = [[float(f"{weight:.3g}") for weight in row] for row in small.tolist()]
    return Panel("heatmap", {"matrix": matrix, "title": f"{layer}, head {head}", **shown})


def _rows(values: Mapping[str, Tensor], width: int) -> list[list[float]]:
    """One row a layer, with gaps where it has fewer heads."""
    return [[*(round(one, 3) for one in row.tolist()), *[float("nan")] * (width - len(row))] for row in values.values()]


def _short_names(names: Sequence[str]) -> list[str]:
    """Names of layers without the parts that all have, such as ``blocks``."""
    if len(names) == 1:
        return ["layer"]
    parts = [name.split(".") for name in names]
    common = set(parts[0]).intersection(*parts[1:])
    short = [".".join(part for part in one if part not in common) for one in parts]
    named = [name.replace("_attention", "") or "attention" for name in short]
    return [f"layer {name}" if name.isdigit() else name for name in named]
