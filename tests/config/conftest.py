"""The plugin from outside, installed for one test."""

from pathlib import Path

import pytest

OUTSIDE = Path(__file__).parents[1] / "plugin" / "outside"


@pytest.fixture(autouse=True)
def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(OUTSIDE))
