"""fsdd and AN4 as they were published; without ATTNFRAME_DATA_DIR there is nothing to read."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from attnframe_speech.data.an4 import transcript_of
from attnframe_speech.data.fsdd import FsddSource, recordings
from attnframe_speech.frontends.log_mel import LogMel
from attnframe_speech.recipes.an4_mfcc import An4Mfcc
from attnframe_speech.recipes.fsdd import Fsdd

from attnframe.errors import ConfigurationError
from attnframe.plugin.splitting import TEST, TRAIN, VAL

DATA = Path(os.environ.get("ATTNFRAME_DATA_DIR", "/nowhere"))


@pytest.mark.skipif(not (DATA / "fsdd").is_dir(), reason="needs fsdd under ATTNFRAME_DATA_DIR")
def test_splits_of_fsdd() -> None:
    found = recordings(DATA)
    assert len(found) == 3000
    frontend = LogMel(8000, 16)
    official = FsddSource(DATA, frontend, None, False)
    assert Counter(official._part(one) for one in found) == {TRAIN: 2700, TEST: 300}
    left_out = FsddSource(DATA, frontend, 2, True)
    parts = {(one.speaker, left_out._part(one)) for one in found}
    assert parts == {(0, TRAIN), (1, TRAIN), (2, TEST), (3, VAL), (4, TRAIN), (5, TRAIN)}
    assert left_out.protocol == {"split": "leave one speaker out, lucas for test"}


@pytest.mark.skipif(not (DATA / "an4_mfcc").is_dir(), reason="needs an4_mfcc under ATTNFRAME_DATA_DIR")
def test_an4_has_its_words_and_letters(tmp_path: Path) -> None:
    data = An4Mfcc().build(data_dir=DATA, cache_dir=tmp_path, seed=0)
    data.setup()
    assert len(data.train) + len(data.val) == 948
    said = data.test.transcripts
    assert (len(said), sum(len(text.split()) for text in said), sum(map(len, said))) == (130, 773, 2565)
    assert data.facts["letters"] == list(" abcdefghijklmnopqrstuvwxyz")


@pytest.mark.parametrize(
    ("line", "wanted"),
    [("<s> GO </s> (an253-fash-b)", "go"), ("E R A S E (cen1-x-b)", "e r a s e"), ("SIX TWO", "six two")],
)
def test_transcripts_are_read(line: str, wanted: str) -> None:
    assert transcript_of(line) == wanted


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"fold": 1}, "data.fold .* must be null with data.protocol=official. Got 1"),
        ({"protocol": "speaker"}, "data.fold .* must be given with data.protocol=speaker"),
        ({"protocol": "speaker", "fold": 6}, "data.fold .* must be one of the folds. Got 6. Possible: 0 to 5"),
        ({"validation": "speaker"}, "data.validation .* must be recordings with data.protocol=official"),
    ],
)
def test_protocols_that_do_not_fit_are_refused(fields: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        Fsdd(**fields)
