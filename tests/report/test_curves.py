"""Learning curves."""

from __future__ import annotations

import math

from attnframe.report.curves import run_curves, sweep_curves
from attnframe.report.training_log import TrainingLog

LOG = TrainingLog({"step": [1, 2, 3], "val/loss": [3, 2, 1], "val/f1": [0, 0.5, 1], "score/layer": [9, 8, 7]})


def test_what_was_watched_besides_has_a_plot_of_its_own() -> None:
    drawn = run_curves({"": LOG}, "f1")
    assert [one.split("<figcaption>")[1].split("<")[0] for one in drawn] == ["Loss", "Validation f1", "score/layer"]


def test_the_loss_as_main_metric_is_drawn_once() -> None:
    assert len(run_curves({"": LOG}, "loss")) == 2


def test_runs_are_averaged_where_all_have_logged() -> None:
    other = TrainingLog({"step": [2, 3, 4], "val/loss": [4, 3, math.nan]})
    (drawn,) = sweep_curves({"mha": [LOG, other]}, None)
    # Steps 2 and 3: means 3 and 2, from 2 to 4 and from 1 to 3.
    assert drawn.count("<polygon") == 1
    assert len(drawn.split('points="')[2].split('"')[0].split()) == 2


def test_nothing_logged_is_nothing_drawn() -> None:
    assert run_curves({"": TrainingLog({})}, "f1") == []
    assert sweep_curves({"mha": []}, "f1") == []
