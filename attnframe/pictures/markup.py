"""Elements of HTML and SVG whose texts cannot break out of them."""

from __future__ import annotations

import html
import math
import re

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNITS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def escape(text: object) -> str:
    """Text as it stands in markup or in a quoted attribute; characters that XML does not know become U+FFFD."""
    return html.escape(_NOT_XML.sub("\ufffd", str(text)))


def element(name: str, /, *inside: str, **attributes: object) -> str:
    """One element, well-formed as XML.

    Args:
        name: of the tag.
        inside: markup, escaped already.
        attributes: by name, ``_`` for ``-`` and a trailing one dropped (``class_``); numbers keep two decimals, and
            those that are None are left out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(inside)}</{name}>" if inside else f"<{name}{written}/>"


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")
    return escape(value)


def short_number(value: float) -> str:
    """A number in few characters: three figures, thousands as k, M and G, powers of ten for small ones."""
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    for unit, letter in _UNITS:
        if size >= unit * 0.9995:
            return f"{value / unit:.3g}{letter}"
    if 0 < size < 1e-3:
        digits, power = f"{value:.1e}".split("e")
        return f"{digits.removesuffix('.0')}e{int(power)}"
    return f"{value:.3g}"
