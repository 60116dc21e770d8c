"""Shared by all tests: one thread a process, so that workers neither fight for cores nor change sums."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

os.environ["OMP_NUM_THREADS"] = "1"

TOY_PLUGIN = Path(__file__).parent / "toy_plugin"


@pytest.fixture
def toy_values(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Installs tests/toy_plugin for one test and gives its configuration; ``node__field=value`` changes a field."""
    monkeypatch.syspath_prepend(str(TOY_PLUGIN))

    def make(**changes: Any) -> dict[str, Any]:
        values: dict[str, Any] = {
            "plugin": "toy",
            "task": "symbol_counting",
            "attention": {"name": "mha", "num_heads": 2},
            "position": {"name": "none"},
            "model": {"dim": 16, "depth": 1},
            "data": {"name": "symbols", "batch_size": 32},
            "optim": {"name": "adamw", "lr": 3e-3},
            "trainer": {"name": "cpu", "max_epochs": 4, "progress": False},
            "seed": 0,
            "floor": False,
            "control": False,
            "logger": [],
            "data_dir": str(tmp_path / "data"),
        }
        for key, value in changes.items():
            node, _, field = key.partition("__")
            if field:
                values[node][field] = value
            else:
                values[node] = value
        return values

    return make


@pytest.fixture
def toy_plan(toy_values: Callable[..., dict[str, Any]]) -> Callable[..., Any]:
    """The plan of `toy_values`."""
    from attnframe.plan_from import plan_from_values

    return lambda **changes: plan_from_values(toy_values(**changes), ("plugin=toy",))


@pytest.fixture
def install_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Path], None]:
    """Does what ``pip install --no-deps -e FOLDER`` does, for one test and the processes that it starts."""

    def install(folder: Path) -> None:
        project = (folder / "pyproject.toml").read_text(encoding="utf-8")
        name = re.search('^name = "(.*)"$', project, flags=re.MULTILINE)
        points = re.search(r'^\[project.entry-points."(.*)"\]\n(.*?)\n\n', project, flags=re.MULTILINE | re.DOTALL)
        assert name
        assert points
        info = tmp_path / "site" / f"{name[1].replace('-', '_')}-0.1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name[1]}\nVersion: 0.1.0\n")
        (info / "entry_points.txt").write_text(f"[{points[1]}]\n{points[2].replace(chr(34), '')}\n")
        places = [str(folder.absolute()), str(info.parent)]
        for place in places:
            monkeypatch.syspath_prepend(place)
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([*places, os.environ.get("PYTHONPATH", "")]))

    return install


@pytest.fixture
def tree() -> Callable[[str], ElementTree.Element]:
    """Markup, which must be well-formed, as a tree without namespaces."""

    def parse(markup: str) -> ElementTree.Element:
        root = ElementTree.fromstring(markup.removeprefix("<!doctype html>"))
        for node in root.iter():
            node.tag = node.tag.split("}")[-1]
        return root

    return parse
