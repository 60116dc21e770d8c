"""Transcripts drawn over spectrograms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from attnframe_speech.frontends.log_mel import LogMel
from attnframe_speech.transcript_picture import save_transcripts


def test_each_recording_has_a_picture(frontend: LogMel, tmp_path: Path, write_tone: Callable[..., Path]) -> None:
    word = {"word": "a<b", "start": 0.05, "end": 0.2, "confidence": 0.9}
    records = [
        {"input": str(write_tone(tmp_path / "a.wav")), "words": [word]},
        {"input": "in memory", "words": []},
        {"input": str(write_tone(tmp_path / "b.wav", seconds=1.0)), "words": []},
    ]
    (path,) = save_transcripts(records, frontend, tmp_path / "drawn")
    page = path.read_text(encoding="utf-8")
    assert page.count("<figure") == 2
    assert all(text in page for text in ("a.wav", "b.wav", "a&lt;b (90%)", "No word was understood."))


def test_nothing_read_is_no_page(frontend: LogMel, tmp_path: Path) -> None:
    assert save_transcripts([{"input": "in memory", "words": []}], frontend, tmp_path / "drawn") == []
