from __future__ import annotations

import logging

import pytest
from attnframe_vision.detection.data.report import EMPTY_BOX, NO_ROWS, Report

from attnframe.errors import DataError


def filled(skip_broken: bool) -> Report:
    report = Report(skip_broken)
    for number in range(7):
        report.add(EMPTY_BOX, f"p{number}")
    return report


def test_cases_of_a_kind_are_one_fault_and_the_first_are_named() -> None:
    with pytest.raises(DataError) as raised:
        filled(False).close()
    assert str(raised.value) == (
        "data.path must hold boxes with an area. Got 7 that do not: p0, p1, p2, p3, p4 and 2 more. "
        "Mend them, or give data.skip_broken=true: they are left out."
    )


def test_what_can_be_left_out_is_logged_and_the_rest_is_told(caplog: pytest.LogCaptureFixture) -> None:
    report = filled(True)
    with caplog.at_level(logging.WARNING):
        report.close()
    assert "data.path must hold boxes with an area; 7 that do not: p0" in caplog.text
    report.add(NO_ROWS, "val")
    with pytest.raises(DataError, match=r"for each part that it names. Got 1 that does not: val. Fill it, or"):
        report.close()


def test_without_a_case_nothing_is_told(caplog: pytest.LogCaptureFixture) -> None:
    Report(False).close()
    assert caplog.text == ""
