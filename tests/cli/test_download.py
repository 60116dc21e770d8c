"""`attnframe download`: the licence first, then the files."""

from pathlib import Path
from typing import Any

import pytest

from attnframe.cli.main import main
from attnframe.plugin.discovery import load_plugin


def test_a_set_without_files_needs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["download", "data=waves"]) == 0
    assert capsys.readouterr().out == (
        "waves: repeating sequences of three symbols (made here, no licence)\n"
        "There is nothing to fetch: it needs no network.\n"
    )


def test_files_are_fetched_into_the_data_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = load_plugin("outside").tasks["majority"].datasets["triples"]

    def fetch(self: Any, data_dir: Path) -> None:
        data_dir.mkdir()
        (data_dir / "triples.txt").write_text("0" * self.length)

    monkeypatch.setattr(recipe, "download", fetch)
    assert main(["download", "data=triples", "data.length=5", "data_dir=data, here"]) == 0
    assert (tmp_path / "data, here" / "triples.txt").read_text() == "00000"
    out = capsys.readouterr().out
    assert out.index("no licence") < out.index("Fetching into")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ([], "data must be given. Example: data=fashion_mnist."),
        (["data=wavs"], "data=wavs is not an option. Did you mean waves?"),
        (["data=waves", "seed=1"], "seed is not a known key of download."),
        (["data=waves", "data.perod=1"], "data.perod (WaveRecipe) is not a known key. Did you mean period?"),
    ],
)
def test_wrong_words_are_told(words: list[str], text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["download", *words]) == 2
    assert text in capsys.readouterr().err
