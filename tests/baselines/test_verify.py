"""Reruns of recorded baselines: the quick ones, for real."""

from pathlib import Path

import pytest

from attnframe.baselines.registry import Baseline, baseline, baselines
from attnframe.baselines.verify import Verified, verify
from attnframe.cli.main import main

QUICK = [name for name, one in baselines().items() if one.definition.quick and one.record is not None]


def test_there_are_quick_baselines_of_several_plugins() -> None:
    assert {*QUICK} >= {"vision_quick", "graph_quick"}


@pytest.mark.parametrize("name", QUICK)
def test_a_quick_baseline_is_within_its_tolerance(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["baselines", "verify", name, f"output={tmp_path / 'run'}"])
    shown = capsys.readouterr().out
    if "other data" in shown:  # texts of the Python that runs, or scikit-learn's of another version
        assert code == 1
        assert not (tmp_path / "run").exists()
        return
    assert code == 0, shown
    assert f"with seed {1 + max(one['seed'] for one in (baseline(name).record or {})['runs'])}" in shown
    assert ": within\n" in shown


def test_other_data_are_told_before_anything_is_trained(tmp_path: Path) -> None:
    known = baseline("vision_quick")
    assert known.record is not None
    runs = [{**one, "data_hash": "0" * 64} for one in known.record["runs"]]
    found = verify(Baseline("vision_quick", known.definition, {**known.record, "runs": runs}), tmp_path / "run")
    assert found.verdict == "other data"
    assert found.data_hash == known.data_hash
    assert not (tmp_path / "run").exists()


def test_a_number_outside_the_tolerance() -> None:
    row = baseline("vision_quick")
    beyond = row.expected + 1.01 * row.tolerance
    assert Verified(row, 3, "d", beyond, {}).verdict == "outside"
    assert Verified(row, 3, "d", row.expected - 0.99 * row.tolerance, {}).verdict == "within"
