"""Batches by index are the recordings, padded; the cache gives back what was read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from attnframe_speech.data import cache
from attnframe_speech.data.batches import Recordings, padded
from attnframe_speech.data.corpus import Corpus, Source

from attnframe.plugin.splitting import TEST, TRAIN, VAL


@pytest.fixture
def corpus() -> Corpus:
    generator = np.random.default_rng(0)
    recordings = [generator.normal(size=(steps, 4)).astype(np.float16) for steps in (5, 3, 7)]
    facts = {"name": "log_mel", "rate": 8000, "mels": 4}
    return Corpus.of(recordings, ["a", "b", "ä"], [TRAIN, VAL, TEST], facts, ["Told."])


def test_a_batch_holds_its_recordings(corpus: Corpus) -> None:
    part = Recordings(corpus, np.array([2, 1]))
    assert len(part) == 2
    batch = part.padded(torch.tensor([1, 0]))
    assert batch["frames"].tolist() == [3, 7]
    whole = torch.from_numpy(corpus.frames).float()
    torch.testing.assert_close(batch["features"][0, :3], whole[5:8])
    torch.testing.assert_close(batch["features"][1], whole[8:])
    assert not batch["features"][0, 3:].any()
    by_hand = padded([corpus.frames[5:8], corpus.frames[8:]])
    assert all(torch.equal(batch[name], by_hand[name]) for name in batch)


class Counted(Source):
    """A source that counts how often it is read."""

    name = "counted"

    def __init__(self, corpus: Corpus) -> None:
        self.corpus, self.reads, self.stamp = corpus, 0, "a"

    def fingerprint(self) -> str:
        return self.stamp

    def read(self) -> Corpus:
        self.reads += 1
        return self.corpus


def test_the_cache_is_read_until_the_source_changes_or_it_breaks(
    corpus: Corpus, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = Counted(corpus)
    (first, digest), (second, again) = cache.load(source, tmp_path), cache.load(source, tmp_path)
    assert source.reads == 1
    assert digest == again == cache.digest(corpus)
    assert [record.getMessage() for record in caplog.records] == ["Told.", "Told."]
    assert (second.targets, second.parts.tolist(), second.lengths.tolist()) == (("a", "b", "ä"), [0, 1, 2], [5, 3, 7])
    assert np.array_equal(first.frames, corpus.frames)
    (folder,) = (tmp_path / "speech").iterdir()
    (folder / "starts.npy").write_bytes(b"broken")
    cache.load(source, tmp_path)
    assert source.reads == 2
    source.stamp = "b"
    cache.load(source, tmp_path)
    assert source.reads == 3
