"""`attnframe new-attention` as a command. docs/write-a-variant.md goes on from there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from attnframe.cli.main import main


def test_what_it_writes_works_as_a_file_installed_or_not(
    install_folder: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new-attention", "tilting"]) == 0
    out = capsys.readouterr().out
    (check,) = [line.split()[1:] for line in out.splitlines() if line.startswith("  attnframe check")]
    assert check[-1] == "attention=attnframe-tilting/attnframe_tilting/variant.py"
    assert main(check) == 0
    assert "attention=tilting" in capsys.readouterr().out
    install_folder(Path("attnframe-tilting"))
    assert main(check) == 0
    assert main([*check[:-1], "attention=tilting"]) == 0
    capsys.readouterr()
    assert main(["list", "attention"]) == 0
    assert "tilting  " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "NAME must be given."),
        (["mha"], "NAME must be a new name. Got mha, which there is."),
        (["my variant"], "Try my_variant."),
        (["tilting", "--task", "x"], "--task is not a known option. new-attention has none."),
        (["tilting", "there"], "there must not exist yet."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_written(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "there").mkdir()
    assert main(["new-attention", *words]) == 2
    assert told in " ".join(capsys.readouterr().err.split())
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
