"""The files of short pairs that a recorded baseline reads as a user's own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from attnframe_nlp.sentence_pairs.short_pairs import write_short_pairs

from attnframe.errors import DataError


@pytest.mark.skipif(not os.environ.get("ATTNFRAME_DATA_DIR"), reason="ATTNFRAME_DATA_DIR is not set")
def test_captions_and_numbers_lie_side_by_side(tmp_path: Path) -> None:
    write_short_pairs(tmp_path, Path(os.environ["ATTNFRAME_DATA_DIR"]))
    german, english = ((tmp_path / f"train.{one}").read_text(encoding="utf-8").split("\n") for one in ("de", "en"))
    pairs = [*zip(german, english, strict=True)]
    assert len(pairs) == 50_001
    assert pairs.pop() == ("", "")
    first = "Zwei junge weiße Männer sind im Freien in der Nähe vieler Büsche."
    assert dict(pairs)[first] == "Two young, White males are outside near many bushes."
    assert dict(pairs)["elftausendfünfundfünfzig"] == "eleven thousand and fifty-five"


def test_without_the_captions_it_says_where_they_should_be(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="multi30k"):
        write_short_pairs(tmp_path, tmp_path / "none")
