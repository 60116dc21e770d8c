"""Panels within the room of a page."""

from __future__ import annotations

from attnframe.report.panels import drawn_panels

SMALL = {"picture": "bars", "arguments": {"names": ["a"], "values": [1.0], "title": "T"}}
WORDY = {"picture": "remark", "arguments": {"text": "words"}}


def test_small_drawings_stand_beside_one_another_between_wordy_ones() -> None:
    first, words, second = drawn_panels([SMALL, SMALL, WORDY, SMALL], 10**6)
    assert first.count("<figure") == 2
    assert words == '<p class="remark">words</p>'
    assert second.count("<figure") == 1


def test_what_has_no_room_is_counted() -> None:
    assert drawn_panels([WORDY, SMALL, WORDY, WORDY], 70)[-1] == (
        '<p class="remark">2 drawings are left out: the page would be too large.</p>'
    )


def test_nothing_is_nothing() -> None:
    assert drawn_panels([], 100) == []
