"""`attnframe new-plugin` as a command: what it writes and refuses. docs/write-a-plugin.md goes on from there."""

from pathlib import Path

import pytest

from attnframe.cli.main import main


def test_it_says_what_it_wrote_and_what_comes_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-plugin", "fresh_air", "--task", "sniffing"]) == 0
    out = capsys.readouterr().out
    assert "attnframe-fresh-air/attnframe_fresh_air/conf/task/sniffing.yaml\n" in out
    assert 'pip install -e "attnframe-fresh-air[test]"' in out
    shown = out.split("\n\n")[0].splitlines()
    assert shown == sorted(str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file())
    assert '"fresh_air"' in Path("attnframe-fresh-air/attnframe_fresh_air/plugin.py").read_text()


def test_task_and_folder_can_be_left_out_or_given(tmp_path: Path) -> None:
    assert main(["new-plugin", "fresh", "deep/inside"]) == 0
    assert (tmp_path / "deep" / "inside" / "attnframe_fresh" / "conf" / "task" / "fresh_classification.yaml").is_file()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "NAME must be given. Example: attnframe new-plugin my_name."),
        (["Fresh"], "NAME must be a Python name"),
        (["vision"], "NAME must be a new name. Got vision, which there is."),
        (["outside"], "NAME must be a new name. Got outside, which there is."),
        (["fresh", "--task=translation"], "--task must be a new name. Got translation, which there is."),
        (["fresh", "--task", "a b"], "--task must be a Python name"),
        (["fresh", "--task="], "--task must be a Python name"),
        (["fresh", "--task"], "--task must be followed by a value."),
        (["fresh", "--tsk", "x"], "--tsk is not a known option. Did you mean --task?"),
        (["fresh", "there"], "there must not exist yet. Give another folder as the last word."),
        (["fresh", "a", "b"], "new-plugin takes a name and at most one folder. Got fresh a b."),
        (["nowhere"], "The package attnframe_nowhere must not exist yet."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_written(
    words: list[str],
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "site" / "attnframe_nowhere").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    before = sorted(tmp_path.rglob("*"))
    assert main(["new-plugin", *words]) == 2
    assert told in " ".join(capsys.readouterr().err.split())
    assert sorted(tmp_path.rglob("*")) == before


def test_all_faults_are_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "there").mkdir()
    assert main(["new-plugin", "Vision", "--task", "translation", "there"]) == 2
    assert "3 things to mend" in capsys.readouterr().err
