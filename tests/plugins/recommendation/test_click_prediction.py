"""What the task takes and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from attnframe.config.check import check
from attnframe.errors import ConfigurationError

TASK = "task=click_prediction"


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        (["data=events_csv"], r"data\.path .+ must be a CSV file: label, then a column a field"),
        (["position=learned"], r"reads the order of tokens, which task=click_prediction does not provide"),
        (["attention=retention"], r"attention=retention cannot serve task=click_prediction"),
        (["data.split=[1.0,0.0,0.0]"], r"data\.split .+ must leave some of the events to each part"),
        (["model=attention_rnn"], r"fields have no order in which to be read"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(overrides: list[str], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        check([TASK, *overrides])


@pytest.mark.parametrize("data", ["generated_clicks", "ml_100k", "events_csv"])
def test_every_data_set_composes(data: str, tmp_path: Path) -> None:
    path = [f"data.path={tmp_path / 'events.csv'}"] if data == "events_csv" else []
    check([TASK, f"data={data}", *path], dry_run=True)
