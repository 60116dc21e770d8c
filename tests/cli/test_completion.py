"""Candidates for the last word of a command line, and the scripts that ask for them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from attnframe.cli.completion import candidates
from attnframe.cli.main import main
from attnframe.recipes.registry import attention_variants


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("attnframe tr", ["train"]),
        ("attnframe list at", ["attention"]),
        ("attnframe completion ", ["bash", "zsh"]),
        ("attnframe train plugin=out", ["plugin=outside"]),
        ("attnframe train plugin=outside task=nex", ["task=next_symbol"]),
        ("attnframe train plugin=outside attention=gq", ["attention=gqa"]),
        ("attnframe train -m plugin=outside attention=mha,gq", ["attention=mha,gqa"]),
        ("attnframe train plugin=outside attention.num_kv", ["attention.num_kv_heads="]),
        ("attnframe train plugin=outside att", ["attention=", "attention."]),
        ("attnframe train plugin=outside data.p", ["data.path=", "data.period="]),
        ("attnframe train task=next_symbol model.h", ["model.horizon="]),
        ("attnframe train plugin=outside model=b", ["model=bag"]),
        ("attnframe train model=t", ["model=tiny"]),
        ("attnframe train plugin=outside attention.backend=e", ["attention.backend=eager", "attention.backend=edges"]),
        ("attnframe train plugin=outside trainer.compile=", ["trainer.compile=true", "trainer.compile=false"]),
        ("attnframe train floor=f", ["floor=false"]),
        ("attnframe train --cfg ", ["job", "hydra", "all"]),
        ("attnframe train --mu", ["--multirun"]),
        ("attnframe new-plugin proteins --t", ["--task="]),
        ("attnframe new-plugin proteins folder", []),
        ("attnframe train resu", ["resume="]),
        ("attnframe baselines v", ["verify"]),
        ("attnframe baselines verify cor", ["cora"]),
        ("attnframe baselines suite=pat", ["suite=patterns"]),
        ("attnframe baselines suite=cpu se", ["seeds="]),
        ("attnframe evaluate ck", ["ckpt="]),
        ("attnframe predict ckpt=", []),  # the shell completes file names
        ("attnframe train data.path=", []),
        ("attnframe download data=tri", ["data=triples"]),
        ("attnframe nonsense x", []),
    ],
)
def test_candidates(line: str, expected: list[str]) -> None:
    assert candidates(line) == expected


def test_all_options_of_a_group_are_offered() -> None:
    assert candidates("attnframe train attention=") == [f"attention={name}" for name in attention_variants()]


def in_bash(line: str, tmp_path: Path) -> list[str]:
    """What bash itself would offer for a line, its word breaks included."""
    program = tmp_path / "bin" / "attnframe"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m attnframe.cli.main "$@"\n')
    program.chmod(0o755)
    script = (
        'eval "$(attnframe completion bash)"\n'
        f"COMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}\n"
        "compopt() { :; }\n_attnframe\nprintf '%s\\n' \"${COMPREPLY[@]}\""
    )
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, check=True, env={**os.environ, "PATH": path}
    )
    assert run.stderr == ""
    return run.stdout.split()


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_is_given_what_follows_the_equals_sign(tmp_path: Path) -> None:
    assert in_bash("attnframe train plugin=outside attention=gq", tmp_path) == ["gqa"]
    assert in_bash("attnframe ev", tmp_path) == ["evaluate"]


@pytest.mark.skipif(shutil.which("zsh") is None, reason="there is no zsh")
def test_the_zsh_script_has_no_fault_of_syntax(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "zsh"]) == 0
    subprocess.run(["zsh", "-n"], input=capsys.readouterr().out, text=True, check=True)


def test_other_shells_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "fish"]) == 2
    assert "completion must be followed by bash or zsh. Got fish." in capsys.readouterr().err
