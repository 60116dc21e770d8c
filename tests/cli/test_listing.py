"""Lists show everything that is there, with what it can do."""

from pathlib import Path

import pytest

from attnframe.cli.listing import KINDS
from attnframe.cli.main import main
from attnframe.recipe import hints
from attnframe.recipes.registry import attention_variants, position_schemes


def listed(kind: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["list", kind]) == 0
    return capsys.readouterr().out


def row(text: str, name: str) -> str:
    return next(
        line for line in text.split("\n\n")[-2 if "\n\n" in text else 0].splitlines() if line.startswith(f"{name} ")
    )


def test_without_a_kind_the_kinds_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    text = capsys.readouterr().out
    assert all(f"\n{kind} " in text for kind in KINDS)


def test_every_kind_keeps_to_the_width(capsys: pytest.CaptureFixture[str]) -> None:
    for kind in KINDS:
        assert max(map(len, listed(kind, capsys).splitlines())) <= 120, kind


def test_variants_show_their_capabilities_and_fields(capsys: pytest.CaptureFixture[str]) -> None:
    text = listed("attention", capsys)
    for name, variant in attention_variants().items():
        cells = row(text, name).split()
        can = variant.capabilities
        expected = [can.causal, can.noncausal, can.cross, can.edges, can.bias, can.rotary, can.dropout, can.exact]
        assert cells[1:9] == ["yes" if able else "-" for able in expected]
        assert cells[9:12] == [can.weights, can.cache, can.cost]
        assert all(f"attention.{field} " in text for field in hints(variant))


def test_schemes_tasks_data_and_plugins(capsys: pytest.CaptureFixture[str]) -> None:
    assert all(f"\n{name} " in listed("position", capsys) for name in position_schemes())
    tasks = listed("tasks", capsys)
    assert next(line for line in tasks.splitlines() if line.startswith("next_symbol")).split()[:4] == [
        "next_symbol",
        "outside",
        "causal",
        "loss",
    ]
    assert "triples*, waves" in tasks
    assert "Repeating sequences of three symbols" in listed("data", capsys)
    assert next(line for line in listed("plugins", capsys).splitlines() if line.startswith("outside")).split()[:2] == [
        "outside",
        "majority",
    ]
    assert "long_waves" in listed("experiment", capsys)
    models = listed("model", capsys)
    assert "model.horizon" in models
    assert [line.split()[:2] for line in models.splitlines() if line.startswith("bag ")] == [["bag", "majority"]]
    assert "\nsmall " in models
    assert "trainer.max_time" in listed("trainer", capsys)
    assert "optim.lr" in listed("optim", capsys)
    assert "overfit" in listed("debug", capsys)


def test_an_unknown_kind_names_the_near_miss(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "atention"]) == 2
    assert "list atention must be one known kind. Did you mean attention?" in capsys.readouterr().err
    assert main(["list", "plugin"]) == 0


def test_a_broken_plugin_is_one_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    info = tmp_path / "lost-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lost\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[attnframe.plugins]\nlost = nowhere.plugin:plugin\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert main(["list", "plugins"]) == 0
    captured = capsys.readouterr()
    assert captured.err.count("plugin lost (distribution lost) is left out") == 1
    assert "outside" in captured.out
