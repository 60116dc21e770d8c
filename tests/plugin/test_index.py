"""The static index: what a choice implies, and what is wrong with option files."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from attnframe.errors import ConfigurationError, PluginError
from attnframe.plugin.index import index

Install = Callable[..., Path]


@pytest.mark.parametrize(
    ("given", "settled"),
    [
        ({"plugin": "outside"}, ("outside", "majority", "triples")),
        ({"task": "next_symbol"}, ("outside", "next_symbol", "waves")),
        ({"plugin": "outside", "data": "waves"}, ("outside", "majority", "waves")),
        ({"experiment": "long_waves"}, ("outside", "next_symbol", "waves")),
        ({"experiment": "long_waves", "plugin": "outside"}, ("outside", "next_symbol", "waves")),
    ],
)
def test_a_choice_implies_the_rest(outside: None, given: dict[str, str], settled: tuple[str, str, str]) -> None:
    assert tuple(index().settle(given)[group] for group in ("plugin", "task", "data")) == settled


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"plugin": "outsde"}, "plugin=outsde is not an option. Did you mean outside?"),
        ({"task": "majorty"}, "task=majorty is not an option. Did you mean majority?"),
        ({"plugin": "outside", "data": "wave"}, "data=wave is not an option. Did you mean waves?"),
        ({"data": "waves"}, "plugin or task must be given. data=waves belongs to plugin=outside."),
        ({}, "plugin or task must be given. Known plugins: "),
        ({"experiment": "long_waves", "task": "majority"}, "experiment=long_waves must be a preset of task=majority."),
    ],
)
def test_a_wrong_choice_is_told_with_what_would_work(outside: None, given: dict[str, str], text: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        index().settle(given)
    assert text in str(error.value)


def test_a_task_of_another_plugin_is_told_with_its_home(outside: None, install: Install) -> None:
    install("fine")
    with pytest.raises(ConfigurationError) as error:
        index().settle({"plugin": "fine", "task": "majority"})
    assert "task=majority must belong to plugin=fine. Got a task of plugin=outside." in str(error.value)
    assert "a task of fine: fine_task." in str(error.value)


def test_an_option_of_ones_own_that_is_there_already_is_an_error_that_names_both(outside: None, tmp_path: Path) -> None:
    own = tmp_path / "data" / "waves.yaml"
    own.parent.mkdir()
    own.write_text("")
    (fault,) = index([tmp_path]).faults
    assert "data=waves must be shipped by one file only" in str(fault)
    assert str(own) in str(fault)


def test_unreadable_yaml_leaves_its_plugin_out_with_one_warning(outside: None, install: Install) -> None:
    install("scribble", files={"conf/data/scribble_data.yaml": "a: [1\n"})
    known = index()
    warnings = [warning for warning in known.warnings if "scribble" in warning]
    assert len(warnings) == 1
    assert "plugin scribble (distribution dist-scribble) is left out" in warnings[0]
    assert "scribble_data.yaml must be a readable YAML file" in warnings[0]
    assert "scribble" not in known.names("plugin")
    assert "outside" in known.names("plugin")


@pytest.mark.parametrize("group", ["plugin", "task"])
def test_a_file_without_a_default_is_told_by_name(install: Install, group: str) -> None:
    name = "vague" if group == "plugin" else "vague_task"
    install("vague", files={f"conf/{group}/{name}.yaml": "plugin: vague\n"})
    with pytest.raises(ConfigurationError) as error:
        index().settle({"plugin": "vague"})
    assert f"{name}.yaml must choose" in str(error.value)


def test_summary_and_usage_are_the_leading_comments(outside: None) -> None:
    option = index().options["plugin", "outside"]
    assert option.summary == "Sequences of three symbols."
    assert option.usage == "attnframe train plugin=outside attention=gqa"
    assert index().options["data", "triples"].usage == ""


def test_options_of_a_folder_of_ones_own(outside: None, tmp_path: Path) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "mine.yaml").write_text("# Mine.\ndefaults:\n  - override /task: next_symbol\n")
    assert index([tmp_path]).settle({"experiment": "mine"})["task"] == "next_symbol"
    assert "mine" not in index().names("experiment")


def test_an_option_file_of_ones_own_must_be_a_mapping(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "broken.yaml").write_text("- a list\n")
    with pytest.raises(PluginError, match="must be a mapping"):
        index([tmp_path])


def test_the_index_imports_neither_torch_nor_hydra_nor_a_plugin() -> None:
    code = (
        "import sys; from attnframe.plugin.index import index; index().names('plugin');"
        "sys.exit(str([m for m in sys.modules if m.split('.')[0] in "
        "('torch', 'hydra', 'omegaconf', 'numpy', 'attnframe_vision', 'attnframe_nlp')]) if "
        "{'torch', 'hydra', 'omegaconf', 'numpy', 'attnframe_vision', 'attnframe_nlp'} & "
        "{m.split('.')[0] for m in sys.modules} else 0)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
