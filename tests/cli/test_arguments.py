"""Options anywhere, overrides kept as typed."""

from pathlib import Path

import pytest

from attnframe.cli.arguments import required, split_arguments, take
from attnframe.errors import ConfigurationError


def test_options_may_stand_anywhere() -> None:
    for words in (["-m", "a=1", "b=2"], ["a=1", "--multirun", "b=2"], ["a=1", "b=2", "-m"]):
        arguments = split_arguments(words)
        assert arguments.sweep
        assert arguments.overrides == ("a=1", "b=2")


def test_options_with_values(tmp_path: Path) -> None:
    words = ["--cfg", "job", "a=1", "--package=model", "--resolve", "--info", "b=2", "--config-dir", str(tmp_path)]
    arguments = split_arguments(words)
    assert arguments.shown == ("--cfg=job", "--package=model", "--resolve", "--info=all")
    assert arguments.overrides == ("a=1", "b=2")
    assert arguments.folders == (tmp_path,)
    assert split_arguments(["--info", "defaults"]).shown == ("--info=defaults",)


def test_hydras_own_way_to_ask_for_a_sweep() -> None:
    assert split_arguments(["hydra.mode=MULTIRUN", "a=1,2"]).sweep


def test_wrong_options_are_told_together() -> None:
    with pytest.raises(ConfigurationError) as error:
        split_arguments(["--multrun", "--config-dir", "nowhere", "--cfg", "jobs", "--cfg"])
    text = str(error.value)
    assert "--multrun is not a known option. Did you mean --multirun" in text
    assert "--config-dir must be a folder. Got 'nowhere'." in text
    assert "--cfg must be one of job, hydra, all. Got 'jobs'." in text
    assert "--cfg must be followed by a value. Possible: job, hydra, all." in text


def test_literal_values_are_taken_whole() -> None:
    taken, others = take(["input=a=b, c", "seed=1", "output="], ["input", "output", "ckpt"])
    assert taken == {"input": "a=b, c", "output": ""}
    assert others == ["seed=1"]


def test_what_is_required_is_told_with_an_example() -> None:
    assert [str(fault) for fault in required({"input": "x", "ckpt": ""}, {"ckpt": "best.ckpt", "input": "TEXT"})] == [
        "ckpt must be given. Example: ckpt=best.ckpt."
    ]
