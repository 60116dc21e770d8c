"""Transcripts drawn over spectrograms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import matplotlib.image
from attnframe_speech.frontends.log_mel import LogMel
from attnframe_speech.transcript_picture import save_transcripts


def test_each_recording_has_a_picture(frontend: LogMel, tmp_path: Path, write_tone: Callable[..., Path]) -> None:
    word = {"word": "a$b", "start": 0.05, "end": 0.2, "confidence": 0.9}
    records = [
        {"input": str(write_tone(tmp_path / "a.wav")), "words": [word]},
        {"input": "in memory", "words": []},
        {"input": str(write_tone(tmp_path / "b.wav", seconds=1.0)), "words": []},
    ]
    written = save_transcripts(records, frontend, tmp_path / "drawn")
    assert [path.name for path in written] == ["transcript-1.png", "transcript-3.png"]
    first, last = (matplotlib.image.imread(path) for path in written)
    assert first.shape == last.shape == (330, 450, 4)
    assert first[..., :3].std() > 0.05
