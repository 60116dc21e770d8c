"""Speech Commands and LibriSpeech in their official layouts, on small files made by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from attnframe_speech.recipes.librispeech import LibriSpeech
from attnframe_speech.recipes.speech_commands import SpeechCommands

from attnframe.errors import DataError


@pytest.fixture
def commands(tmp_path: Path, write_tone: Callable[..., Path]) -> Path:
    folder = tmp_path / "SpeechCommands" / "speech_commands_v0.02"
    for word, hertz in (("go", 300), ("stop", 900)):
        for number in range(4):
            write_tone(folder / word / f"{number}_nohash_0.wav", hertz + 10 * number, rate=16_000)
    write_tone(folder / "_background_noise_" / "hum.wav", 50, rate=16_000)
    (folder / "validation_list.txt").write_text("go/1_nohash_0.wav\nstop/1_nohash_0.wav\n")
    (folder / "testing_list.txt").write_text("go/2_nohash_0.wav\nstop/3_nohash_0.wav\n")
    return folder


def test_lists_of_speech_commands_are_kept(commands: Path, tmp_path: Path) -> None:
    data = SpeechCommands(mels=16).build(data_dir=tmp_path, cache_dir=tmp_path / "cache", seed=0)
    data.setup()
    assert data.facts["classes"] == ["go", "stop"]
    assert [len(part) for part in (data.train, data.val, data.test)] == [4, 2, 2]


def test_listed_files_that_are_missing_are_refused(commands: Path, tmp_path: Path) -> None:
    (commands / "go" / "1_nohash_0.wav").unlink()
    (commands / "testing_list.txt").unlink()
    data = SpeechCommands(mels=16).build(data_dir=tmp_path, cache_dir=tmp_path / "cache", seed=0)
    with pytest.raises(DataError) as error:
        data.setup()
    told = str(error.value)
    assert "must hold the files that its lists name. Got 1 that are not, such as go/1_nohash_0.wav." in told
    assert "testing_list.txt must be there" in told


def test_transcripts_of_librispeech_are_read(tmp_path: Path, write_tone: Callable[..., Path]) -> None:
    for part, speaker, texts in (
        ("train-clean-100", 1, ("HE SAID SO", "NO")),
        ("dev-clean", 2, ("YES",)),
        ("test-clean", 3, ("SHE'S HERE",)),
    ):
        folder = tmp_path / "LibriSpeech" / part / str(speaker) / "7"
        folder.mkdir(parents=True)
        lines = []
        for number, text in enumerate(texts):
            name = f"{speaker}-7-{number:04}"
            write_tone(folder / f"{name}.flac", 200 + 50 * number, rate=16_000)
            lines.append(f"{name} {text}")
        (folder / f"{speaker}-7.trans.txt").write_text("\n".join(lines) + "\n")
    data = LibriSpeech(mels=16).build(data_dir=tmp_path, cache_dir=tmp_path / "cache", seed=0)
    data.setup()
    assert data.train.transcripts == ["he said so", "no"]
    assert data.test.transcripts == ["she's here"]
    (tmp_path / "LibriSpeech" / "dev-clean" / "2" / "7" / "2-7-0000.flac").unlink()
    data = LibriSpeech(mels=16).build(data_dir=tmp_path, cache_dir=tmp_path / "other", seed=0)
    with pytest.raises(
        DataError, match=r"files that its transcripts name. Got 1 that are not, such as .*2-7-0000.flac"
    ):
        data.setup()
