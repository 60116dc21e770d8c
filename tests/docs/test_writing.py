"""The steps of docs/write-a-plugin.md and docs/write-a-variant.md run as they stand, in order, with small budgets: from
an empty folder to a package that is installed, trains, evaluates, predicts and passes its own tests.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from attnframe.cli.main import main

DOCS = Path(__file__).parents[2] / "docs"
BUDGET = ["trainer.max_steps=2", "trainer.limit_batches=1", "trainer.progress=false", "floor=false"]
SMALL = {
    "train": BUDGET,
    "bench": ["lengths=16", "seconds=0.01", "memory=false", "peers=false"],
    "explain": ["explain.steps=2", "explain.orders=2"],
}
"""What is added to a command, so that it takes little time."""
REFUSED = "# refused"


def commands(page: str) -> Iterator[str]:
    """The lines of the shell blocks of a page."""
    text = (DOCS / page).read_text(encoding="utf-8")
    for block in re.findall(r"^```sh\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL):
        yield from block.splitlines()


@pytest.mark.parametrize("page", ["write-a-plugin.md", "write-a-variant.md"])
def test_the_steps_of_the_page_work(
    page: str,
    tmp_path: Path,
    install_folder: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ATTNFRAME_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    done = []
    for line in commands(page):
        program, *words = shlex.split(line, comments=True)
        done.append(f"{program} {words[0]}")
        if program == "cd":
            monkeypatch.chdir(words[0])
        elif program == "pip":
            assert words == ["install", "-e", ".[test]"]
            install_folder(Path.cwd())
        elif program == "python":
            assert words == ["-m", "pytest"]
            quiet = [sys.executable, *words, "-q", "-p", "no:cacheprovider"]
            run = subprocess.run(quiet, capture_output=True, text=True, check=False)
            assert run.returncode == 0, run.stdout + run.stderr
        else:
            assert program == "attnframe"
            code = main([*words, *SMALL.get(words[0], [])])
            assert code == (2 if line.endswith(REFUSED) else 0), f"{line}\n{capsys.readouterr().err}"
    assert {"pip install", "attnframe train", "attnframe evaluate", "python -m"} <= {*done}
