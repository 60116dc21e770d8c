"""Elements and escapes."""

from __future__ import annotations

import pytest

from attnframe.pictures.markup import element, escape, short_number


def test_texts_cannot_break_out_of_their_element() -> None:
    assert escape('<b a="1">\'&') == "&lt;b a=&quot;1&quot;&gt;&#x27;&amp;"
    assert escape("a\x00b\x1b\ud800") == "a�b��"
    assert element("p", title='"><script>') == '<p title="&quot;&gt;&lt;script&gt;"/>'


def test_attributes_are_written_as_svg_names_them() -> None:
    written = element("line", x1=1.23456, x2=-0.0001, y1=3, stroke_width=2.0, class_="a", fill=None)
    assert written == '<line x1="1.23" x2="0" y1="3" stroke-width="2" class="a"/>'


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (0.5, "0.5"), (1 / 3, "0.333"), (12000, "12k"), (1.5e6, "1.5M"), (3e-4, "3e-4"), (-2, "-2"),
     (999.9, "1k"), (float("nan"), "–")],
)  # fmt: skip
def test_numbers_are_short(value: float, shown: str) -> None:
    assert short_number(value) == shown
