"""The program as a whole: help without Hydra or torch, unknown commands, exit codes."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from attnframe.cli.help import COMMANDS
from attnframe.cli.main import main
from attnframe.cli.screen import WIDTH

Program = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["train", "--help"],
        ["train", "plugin=vision", "-m", "-h"],
        ["list", "attention"],
        ["list", "tasks"],
        ["completion", "bash"],
        ["new-plugin", "fresh"],
        ["new-attention", "fresh"],
        ["completion", "candidates", "attnframe train plugin=outside data."],
        ["--version"],
    ],
)
def test_help_lists_and_completion_import_neither_torch_nor_hydra(program: Program, words: list[str]) -> None:
    run = program(*words)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1].strip() == "IMPORTED"
    assert len(run.stdout.splitlines()) > 1


def test_every_command_has_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    overview = capsys.readouterr().out
    for command in COMMANDS:
        assert f"\n  {command} " in overview
        assert main([command, "--help"]) == 0
        text = capsys.readouterr().out
        assert text.startswith(f"attnframe {command}: ")
        assert f"Usage: attnframe {command}" in text
        assert max(map(len, text.splitlines())) <= WIDTH
    assert main([]) == 0
    assert capsys.readouterr().out == overview


def test_an_unknown_command_names_the_near_miss(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trian"]) == 2
    assert "trian is not a command. Did you mean train?" in capsys.readouterr().err


def test_help_is_asked_for_by_the_bare_word_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", "input=--help"]) == 2
    assert "ckpt must be given" in capsys.readouterr().err


def test_a_failure_that_nobody_foresaw_is_one_screen_with_a_trace_kept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(argv: list[str]) -> int:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("attnframe.cli.listing.run", fail)
    assert main(["list"]) == 1
    error = capsys.readouterr().err
    assert "attnframe list: ZeroDivisionError: by nothing. The trace is in " in error
    assert "Traceback" not in error
    with open(error.split("The trace is in ")[1].strip().rstrip(".").replace("\n  ", "")) as trace:
        assert "ZeroDivisionError" in trace.read()


@pytest.mark.parametrize("words", [["--help"], ["baselines", "--help"], ["list", "attention"]])
def test_a_reader_that_has_seen_enough_is_no_error(words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "attnframe.cli.main", *words], stdout=pipe, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr) == (0, b"")
