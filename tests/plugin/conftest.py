"""Distributions made for one test, and the plugin from outside that stays."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

OUTSIDE = Path(__file__).parent / "outside"

PLUGIN = """\
from attnframe.plugin.contract import Plugin, Task, DataRecipe, Monitor
from attnframe.recipes.capabilities import Needs


class Data(DataRecipe):
    name = "{name}_data"
    summary = "nothing"

    def nominal_facts(self): return {{}}
    def build(self, *, data_dir, cache_dir, seed): raise AssertionError


class Nothing(Task):
    name = "{name}_task"
    summary = "nothing"
    monitor = Monitor("loss", "min")
    datasets = {{"{name}_data": Data}}

    def needs(self, model): return Needs()
    def faults(self, parts, data): return ()
    def build(self, parts, facts): raise AssertionError


class Declared(Plugin):
    name = "{name}"
    api_version = 1
    tasks = {{"{name}_task": Nothing()}}
"""


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(OUTSIDE))


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Installs a distribution with one plugin and returns its package; ``files`` adds to it or replaces what it has."""

    def make(name: str, *, value: str = "", files: dict[str, str] | None = None, conf: bool = True) -> Path:
        site = tmp_path / f"site-{name}"
        package = site / f"pkg_{name}"
        value = value or f"pkg_{name}.plugin:Declared"
        written = {
            f"dist_{name}-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: dist-{name}\nVersion: 1.0\n",
            f"dist_{name}-1.0.dist-info/entry_points.txt": f"[attnframe.plugins]\n{name} = {value}\n",
            f"pkg_{name}/__init__.py": "",
            f"pkg_{name}/plugin.py": PLUGIN.format(name=name),
        }
        head = "# @package _global_\n"
        if conf:
            root = f"pkg_{name}/conf"
            written |= {
                f"{root}/plugin/{name}.yaml": f"{head}defaults:\n  - override /task: {name}_task\nplugin: {name}\n",
                f"{root}/task/{name}_task.yaml": f"{head}defaults:\n  - override /data: {name}_data\n",
                f"{root}/data/{name}_data.yaml": f"{head}# Nothing at all.\n",
            }
        written |= {f"pkg_{name}/{path}": dedent(text) for path, text in (files or {}).items()}
        for path, text in written.items():
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_text(text, encoding="utf-8")
        monkeypatch.syspath_prepend(str(site))
        return package

    return make
