"""A drawing put off: which function draws it and from what, as plain values that a file can hold."""

from __future__ import annotations

import base64
import dataclasses
import math
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attnframe.pictures.bars import bars
from attnframe.pictures.graph import graph
from attnframe.pictures.heatmap import heatmap
from attnframe.pictures.image import Box, image
from attnframe.pictures.lines import Line, lines
from attnframe.pictures.points import points
from attnframe.pictures.prose import paragraph, preformatted, remark
from attnframe.pictures.table import table
from attnframe.pictures.thumbnails import thumbnails
from attnframe.pictures.tokens import tokens

PICTURES: Mapping[str, Callable[..., str]] = MappingProxyType(
    {
        function.__name__: function
        for function in (
            bars,
            graph,
            heatmap,
            image,
            lines,
            paragraph,
            points,
            preformatted,
            remark,
            table,
            thumbnails,
            tokens,
        )
    }
)
"""What a panel may be drawn by, by name."""
_PACKED = "uint8"


@dataclass(frozen=True)
class Panel:
    """One drawing, to be drawn when it is shown.

    Args:
        picture: a name of `PICTURES`.
        arguments: what that function takes, by name: texts, numbers, lists, mappings, `Line`, `Box`, and arrays of
            8-bit pixels.
    """

    picture: str
    arguments: Mapping[str, Any]

    def plain(self) -> dict[str, Any]:
        """The panel as values that JSON knows; what is not a finite number becomes null."""
        return {"picture": self.picture, "arguments": _plain(self.arguments)}


def draw(plain: Mapping[str, Any]) -> str:
    """The drawing of a panel that `Panel.plain` gave.

    Raises:
        KeyError, TypeError, ValueError: when it is none.
    """
    arguments = {name: _full(value) for name, value in plain["arguments"].items()}
    if plain["picture"] == "lines":
        arguments["series"] = [_line(line) for line in arguments["series"]]
    if "boxes" in arguments:
        arguments["boxes"] = [Box(**box) for box in arguments["boxes"]]
    return PICTURES[plain["picture"]](**arguments)


def _line(plain: Mapping[str, Any]) -> Line:
    """A line whose gaps are numbers again, which are not finite."""
    numbers = {
        name: [math.nan if value is None else value for value in plain[name]] for name in ("x", "y", "low", "high")
    }
    return Line(plain["name"], **numbers)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _plain(dataclasses.asdict(value))
    if isinstance(value, np.ndarray):
        return _packed(value) if value.dtype == np.uint8 else _plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(inner) for inner in value]
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value


def _packed(pixels: NDArray[np.uint8]) -> dict[str, Any]:
    return {"shape": [*pixels.shape], _PACKED: base64.b64encode(zlib.compress(pixels.tobytes(), 9)).decode()}


def _full(value: Any) -> Any:
    """Values with their arrays unpacked."""
    if isinstance(value, Mapping):
        if _PACKED in value:
            found = np.frombuffer(zlib.decompress(base64.b64decode(value[_PACKED])), np.uint8)
            return found.reshape(value["shape"])
        return {key: _full(inner) for key, inner in value.items()}
    return [_full(inner) for inner in value] if isinstance(value, list) else value
