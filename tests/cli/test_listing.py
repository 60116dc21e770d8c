"""Lists show everything that is there, with what it can do."""

import subprocess
import sys
from pathlib import Path

import pytest

from attnframe.cli.listing import GIVES, KINDS, SERVES
from attnframe.cli.main import main
from attnframe.recipe import hints
from attnframe.recipes.capabilities import ALL_MASKS
from attnframe.recipes.registry import attention_variants, position_schemes


def listed(kind: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["list", kind]) == 0
    return capsys.readouterr().out


def cells(text: str, head: str) -> dict[str, list[str]]:
    """Rows of the table whose header is `head`, by their first cell."""
    found = next(part for part in text.split("\n\n") if part.split("\n")[0].split() == head.split())
    return {line.split()[0]: line.split()[1:] for line in found.splitlines()[2:]}


def test_without_a_kind_the_kinds_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    text = capsys.readouterr().out
    assert all(f"\n{kind} " in text for kind in KINDS)


def test_every_kind_keeps_to_the_width(capsys: pytest.CaptureFixture[str]) -> None:
    for kind in KINDS:
        assert max(map(len, listed(kind, capsys).splitlines())) <= 120, kind


def test_variants_show_their_capabilities(capsys: pytest.CaptureFixture[str]) -> None:
    text = listed("attention", capsys)
    serves = cells(text, "attention self causal noncausal cross edges masks")
    gives = cells(text, "attention bias relative rotary dropout weights exact cache cost")
    assert [*serves] == [*gives] == [*attention_variants()]
    for name, variant in attention_variants().items():
        can = variant.capabilities
        able = [can.self_attention, can.causal, can.noncausal, can.cross, can.edges]
        assert serves[name][:5] == ["yes" if one else "-" for one in able]
        assert serves[name][5:] == (["all"] if can.masks == ALL_MASKS else ", ".join(sorted(can.masks)).split())
        able = [can.bias, can.bias and can.relative, can.rotary, can.dropout]
        assert gives[name][:4] == ["yes" if one else "-" for one in able]
        assert gives[name][4:] == [can.weights, "yes" if can.exact else "-", can.cache, can.cost]


def test_every_column_and_cell_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    text = listed("attention", capsys)
    assert {"yes", "-", "all"} <= cells(text, "cell means").keys()
    explained = cells(text, "column means")
    assert [column for column in (*SERVES, *GIVES) if column not in explained] == []
    assert "growth of time and memory with n queries, m keys, window w" in text


def test_variants_show_their_fields_with_defaults_and_ranges(capsys: pytest.CaptureFixture[str]) -> None:
    text = listed("attention", capsys)
    assert "num_heads=4 dropout=0 backend=auto lambda_init=0.8" in text
    for variant in attention_variants().values():
        for field in hints(variant):
            assert f" {field}=" in text
            assert f"\nattention.{field} " in text
    backends = [line for line in text.splitlines() if line.startswith("attention.backend ")]
    assert "(" not in backends[0]
    assert any(line.endswith("(gat, gatv2)") for line in backends[1:])


@pytest.mark.parametrize("columns", [100, 160])
def test_the_capability_tables_fit_the_terminal(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    widths = [len(line) for line in listed("attention", capsys).splitlines()]
    assert min(columns, 120) - 5 < max(widths) <= min(columns, 120)


def test_listing_attention_imports_no_torch() -> None:
    program = (
        "import sys; from attnframe.cli.main import main; main(['list', 'attention']); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


def test_schemes_tasks_data_and_plugins(capsys: pytest.CaptureFixture[str]) -> None:
    assert all(f"\n{name} " in listed("position", capsys) for name in position_schemes())
    tasks = listed("tasks", capsys)
    assert next(line for line in tasks.splitlines() if line.startswith("next_symbol")).split()[:3] == [
        "next_symbol",
        "outside",
        "loss",
    ]
    assert "needs causal" in tasks
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
