"""A suite of the plugin from outside, run once."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from attnframe.cli.main import main

OUTSIDE = Path(__file__).parents[1] / "plugin" / "outside"
SUITE = """\
# Symbols.
time: 00:00:00:20
seeds: [0, 1]
attention: [mha, linformer]
cells:
  waves:
    overrides: [task=next_symbol, data.examples=40, trainer.max_epochs=1]
    pattern: causal self
  triples:
    overrides: [task=majority, data.examples=60, trainer.max_epochs=1]
    pattern: noncausal self
    attention: [mha]
"""


@contextmanager
def installed(cache: Path) -> Iterator[None]:
    """The plugin from outside, in this process and those that it starts, with a cache of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(OUTSIDE))
        patch.setenv("PYTHONPATH", os.pathsep.join([str(OUTSIDE), os.environ.get("PYTHONPATH", "")]))
        patch.setenv("ATTNFRAME_CACHE_DIR", str(cache))
        yield


@pytest.fixture(autouse=True, scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Gone after each module: other tests of the process look at what is installed."""
    with installed(tmp_path_factory.getbasetemp() / "outside"):
        yield


@pytest.fixture
def suite_file(tmp_path: Path) -> Path:
    """A small suite of the plugin from outside."""
    path = tmp_path / "symbols.yaml"
    path.write_text(SUITE)
    return path


@pytest.fixture(scope="session")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small suite, run to its end; the suite lies beside it."""
    folder = tmp_path_factory.mktemp("suite")
    (folder / "symbols.yaml").write_text(SUITE)
    with installed(tmp_path_factory.getbasetemp() / "outside"):
        assert main(["baselines", f"suite={folder / 'symbols.yaml'}", f"output={folder / 'out'}"]) == 0
    return folder / "out"
