"""The plugin from outside, installed for one test, and the program run in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

OUTSIDE = Path(__file__).parents[1] / "plugin" / "outside"


@pytest.fixture(autouse=True)
def outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.syspath_prepend(str(OUTSIDE))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(OUTSIDE), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("ATTNFRAME_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def program() -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Runs `attnframe WORDS` and afterwards prints which heavy packages it imported."""

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        code = (
            "import sys; from attnframe.cli.main import main; code = main();"
            "heavy = {'torch', 'pytorch_lightning', 'numpy', 'pandas', 'hydra', 'omegaconf'} & set(sys.modules);"
            "print('IMPORTED', *sorted(heavy)); sys.exit(code)"
        )
        return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)

    return run
