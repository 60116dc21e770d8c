"""The registry: definitions of the plugins, records beside them, tolerances."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from attnframe.baselines.definition import Definition, definition_file, definitions
from attnframe.baselines.registry import Baseline, baseline, baselines, record_file
from attnframe.cli.main import main
from attnframe.config.check import check
from attnframe.config.points import chosen, settle
from attnframe.errors import ConfigurationError
from attnframe.plugin.index import PLUGIN_GROUPS

PLAIN = Definition(
    overrides=("plugin=vision",), metric="test/accuracy", better="max", protocol="as is", repeats={"seed": [0]}
)


def row(definition: Definition, *values: float, deviation: float | None = None) -> Baseline:
    runs = [
        {"metrics": {"test/accuracy": value}, "seed": seed, "seconds": 2.0, "data_hash": "d", "floor": None}
        for seed, value in enumerate(values)
    ]
    return Baseline("one", definition, {"runs": runs, "mean": sum(values) / len(values), "deviation": deviation})


def test_every_record_of_a_baseline_has_a_definition() -> None:
    folders = {definition_file(name).parent / "records" for name in definitions()}
    files = {file for folder in folders for file in folder.glob("*")}
    assert files
    assert files <= {record_file(name, control) for name in definitions() for control in (False, True)}


def test_every_record_is_of_the_command_and_metric_that_is_defined() -> None:
    for name, one in baselines().items():
        if one.record is not None:
            assert one.record["metric"] == one.definition.metric, name
            assert one.record["command"].split()[:2] == ["attnframe", "train"], name


def test_every_definition_names_what_there_is() -> None:
    for one in definitions().values():
        settled = chosen(
            settle([override for override in one.overrides if override.partition("=")[0] in PLUGIN_GROUPS])
        )
        assert {*settled} >= {"plugin", "task", "data"}


@pytest.mark.parametrize("name", ["cora", "etth1_96", "fsdd_speakers", "sasrec_games_as_published"])
def test_a_definition_composes(name: str) -> None:
    one = definitions()[name]
    assert check([*one.overrides, one.repeated[0]]).plans[0].task.name


def test_a_control_takes_the_place_of_the_variant() -> None:
    row = PLAIN.replace(overrides=("plugin=vision", "attention=gqa", "model.dim=32"), bar=0.9)
    control = row.without_attention
    assert control.overrides == ("plugin=vision", "model.dim=32", "attention=none", "floor=false")
    assert (control.bar, control.metric, control.repeats) == (None, row.metric, row.repeats)
    assert check(control.overrides).plans[0].parts.attention.name == "none"


def test_published_numbers_stand_with_their_source() -> None:
    cora = definitions()["cora"]
    assert [one.value for one in cora.numbers] == [0.83, 0.815]
    assert str(cora.numbers[0]) == "0.83 with deviation 0.007, GAT (Velickovic et al. 2018)"
    assert all(one.source for defined in definitions().values() for one in defined.numbers)


def test_tolerance_is_three_deviations_of_a_new_run() -> None:
    assert row(PLAIN, 0.5, 0.6, 0.7, deviation=0.1).tolerance == pytest.approx(0.3 * math.sqrt(4 / 3))
    assert row(PLAIN, 0.5, 0.5, deviation=0.0).tolerance == pytest.approx(0.005)
    assert row(PLAIN, 0.5).tolerance == pytest.approx(0.025)
    assert row(PLAIN.replace(tolerance=0.2), 0.5).tolerance == 0.2


def test_a_rerun_is_held_against_the_mean_of_seeds_or_the_first_fold() -> None:
    assert row(PLAIN, 0.5, 0.7, deviation=0.1).expected == pytest.approx(0.6)
    folds = PLAIN.replace(repeats={"data.fold": [0, 1]})
    assert row(folds, 0.5, 0.7, deviation=0.1).expected == 0.5
    assert folds.repeated == ("data.fold=0", "data.fold=1")


def test_a_definition_that_is_wrong() -> None:
    with pytest.raises(ConfigurationError, match="repeats must map one override to a list of its values"):
        PLAIN.replace(repeats={"seed": 3})
    with pytest.raises(ConfigurationError, match=r"source .* must be given"):
        PLAIN.replace(published=({"value": 1.0},))


def test_records_lie_beside_the_definitions() -> None:
    assert record_file("digits") == definition_file("digits").parent / "records" / "digits.json"
    assert record_file("digits", control=True).name == "digits-control.json"
    assert json.loads(record_file("digits").read_text())["metric"] == "test/accuracy"


def test_runs_that_were_added_later_are_told_beside_the_first() -> None:
    runs = [{"commit": "a", "date": "2026-01-01"}, {"commit": "a", "date": "2026-01-02"}]
    added = Baseline("one", PLAIN, {"runs": runs})
    assert (added.told("commit"), added.told("date")) == ("a", "2026-01-01, 2026-01-02")
    assert Baseline("one", PLAIN, None).told("commit") == ""


def test_a_plugin_from_outside_brings_rows_and_records(
    install_folder: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    control = Path(__file__).parents[2] / "examples" / "attnframe-control"
    records = control / "attnframe_control" / "conf" / "baseline" / "records"
    name = min(records.glob("*.json")).stem
    install_folder(control)
    row = baseline(name)
    assert row.record == json.loads((records / f"{name}.json").read_text(encoding="utf-8"))
    assert record_file(name) == records / f"{name}.json"
    assert main(["baselines", "list", name]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"data {row.data_hash}" in shown


def test_the_list_and_one_row_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["baselines", "list"]) == 0
    shown = capsys.readouterr().out
    assert all(f"\n{name} " in shown for name in definitions())
    assert main(["baselines", "list", "cora"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"data {baseline('cora').data_hash}" in shown
    assert "published 0.815, GCN (Kipf and Welling 2017)" in shown
    assert "floor 0.6030, logistic regression on features" in shown


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["list", "a", "b"], "baselines list must be followed by one row at most. Got a b."),
        (["list", "corra"], "baseline corra is not registered. Did you mean cora?"),
        (["verify"], "baselines verify must be followed by one row."),
        (["verify", "digts"], "baseline digts is not registered. Did you mean digits"),
        (["verify", "digits", "seed=x"], "seed must be an integer at least 0. Got 'x'."),
    ],
)
def test_what_is_asked_wrongly_is_told(
    words: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["baselines", *words]) == 2
    assert told in " ".join(capsys.readouterr().err.split())
    assert not [*tmp_path.iterdir()]


def test_a_row_without_a_record_cannot_be_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("attnframe.baselines.registry.definition_file", lambda name: tmp_path / "mine.yaml")
    assert main(["baselines", "verify", "digits"]) == 2
    told = "baseline digits has no record to compare with. Record it: attnframe baselines record digits."
    assert told in " ".join(capsys.readouterr().err.split())
