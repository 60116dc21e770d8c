"""A broken plugin harms no command but those that select it, and `attnframe doctor` explains it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from attnframe.cli.main import main

CONF = """\
# @package _global_
# Broken.
defaults:
  - override /{group}: {choice}
"""
DECLARED = """\
from attnframe.plugin.contract import Plugin

class Declared(Plugin):
    name = "broken"
    api_version = {version}
    tasks = {{}}
"""
WORKING = """\
from attnframe.plugin.contract import Monitor, Plugin, Task
from attnframe.recipes.capabilities import Needs

class Idle(Task):
    name = "broken_task"
    summary = "nothing"
    monitor = Monitor("loss", "min")
    datasets = {}

    def needs(self, model): return Needs()
    def build(self, parts, facts): raise AssertionError

class Declared(Plugin):
    name = "broken"
    api_version = 1
    tasks = {"broken_task": Idle()}
"""
WAYS: dict[str, tuple[dict[str, str], str]] = {
    "it cannot be imported": (
        {"plugin.py": "import no_such_module\n"},
        "plugin broken (distribution dist-broken) must be importable. Got ModuleNotFoundError: No module named",
    ),
    "it ends the process": ({"plugin.py": "raise SystemExit\n"}, "must be importable. Got SystemExit"),
    "it is no Python": ({"plugin.py": "def (:\n"}, "must be importable. Got SyntaxError"),
    "it has no conf": (
        {"conf": ""},
        "is left out: entry point broken = pkg_broken.plugin:Declared must have a folder conf",
    ),
    "its package is gone": ({"__init__.py": "", ".": ""}, "must name an importable package. Got no package pkg_broken"),
    "it ships what another ships": (
        {"conf/data/digits.yaml": ""},
        "is left out: data=digits must be shipped by one file",
    ),
    "it ships what attnframe ships": ({"conf/optim/adamw.yaml": ""}, "is left out: optim=adamw must be shipped by one"),
    "it is for another version": (
        {"plugin.py": DECLARED.format(version=7)},
        "must be made for plugin API version 1. Got a plugin for version 7. Upgrade attnframe.",
    ),
    "its options are no YAML": ({"conf/task/broken_task.yaml": "a: [1\n"}, "must be a readable YAML file"),
    "its defaults are no list": (
        {"plugin.py": WORKING, "conf/plugin/broken.yaml": "defaults: 5\n"},
        "must choose a default task in its defaults list",
    ),
    "its needs cannot be asked": (
        {"plugin.py": WORKING.replace("return Needs()", "return model.no_such_field")},
        "model transformer must have a default for each field, and needs(model) that gives Needs. Got AttributeError",
    ),
    "it says too little": (
        {"plugin.py": WORKING.replace('    summary = "nothing"\n', "")},
        "task broken_task must have the attribute summary.",
    ),
    "it declares nothing": ({"plugin.py": DECLARED.format(version=1)}, "must declare at least one task"),
}
HARMLESS = (
    ["list", "tasks"],
    ["list", "model"],
    ["list", "attention"],
    ["completion", "candidates", "attnframe train plugin=outside data."],
    ["check", "-m", "task=majority", "data=waves", "optim=adamw,adam"],
)


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Installs the plugin `broken`, broken in one way."""
    site = tmp_path / "site"
    files = {
        "dist_broken-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: dist-broken\nVersion: 1.0\n",
        "dist_broken-1.0.dist-info/entry_points.txt": "[attnframe.plugins]\nbroken = pkg_broken.plugin:Declared\n",
    }
    own = {
        "__init__.py": "",
        "plugin.py": "",
        "conf/plugin/broken.yaml": CONF.format(group="task", choice="broken_task"),
        "conf/task/broken_task.yaml": CONF.format(group="data", choice="broken_data"),
        "conf/data/broken_data.yaml": "# Broken.\n",
        **WAYS[request.param][0],
    }
    if "conf" in own:
        own = {name: text for name, text in own.items() if not name.startswith("conf")}
    files |= {f"pkg_broken/{name}": text for name, text in own.items() if "." not in own}
    for name, text in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")
    for name in [name for name in sys.modules if name.startswith("pkg_broken")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(str(site))
    return str(request.param)


def test_no_other_command_is_harmed(way: str, capsys: pytest.CaptureFixture[str]) -> None:
    for words in HARMLESS:
        assert main(words) == 0, capsys.readouterr().err
    assert "outside" in capsys.readouterr().out


def test_the_doctor_explains(way: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 1
    wrong = capsys.readouterr().out.split("\nWrong:\n")[1].splitlines()
    told = [line for line in wrong if "dist-broken" in line or "pkg_broken" in line]
    assert [line for line in told if WAYS[way][1] in line], wrong


def test_choosing_it_is_refused_on_one_screen(way: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "plugin=broken"]) == 2
    error = capsys.readouterr().err
    assert "Traceback" not in error
    told = " ".join(error.split())
    assert "1 plugin is left out: attnframe doctor says why." in told or WAYS[way][1] in told
