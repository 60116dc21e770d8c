"""Work in processes of its own: what comes back, however it ends."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from attnframe.baselines.process import in_process
from attnframe.errors import ConfigurationError, Fault, RunError

FOLDER = Path(__file__).parent


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The functions below can be imported by name in another process."""
    monkeypatch.syspath_prepend(str(FOLDER))


def run(name: str, *arguments: Any, log: Path | None = None) -> Any:
    import process_work

    return in_process(getattr(process_work, name), *arguments, log=log)


def test_what_a_function_returns_and_prints(tmp_path: Path) -> None:
    assert run("doubled", 21, log=tmp_path / "log.txt") == (42, True)
    assert (tmp_path / "log.txt").read_text() == "doubling 21\n"


def test_faults_come_back_whole() -> None:
    with pytest.raises(ConfigurationError) as caught:
        run("refused")
    assert caught.value.faults == (Fault("data.path", "must be there", "nothing"), Fault("seed", "must be even"))


def test_other_errors_are_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"^KeyError: 'missing'$"):
        run("broken", log=tmp_path / "log.txt")
    assert "Traceback" in (tmp_path / "log.txt").read_text()


def test_a_process_that_dies() -> None:
    with pytest.raises(RunError, match=r"The process of the run was killed, perhaps for want of memory\."):
        run("died", signal.SIGKILL)
    with pytest.raises(RunError, match=r"The process of the run ended with exit code -15\."):
        run("died", signal.SIGTERM)


def test_this_process_is_left_alone() -> None:
    before = (os.getpid(), sys.stdout)
    run("doubled", 1)
    assert (os.getpid(), sys.stdout) == before
