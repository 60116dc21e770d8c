"""A user's own recordings with transcripts: what is read, and everything that can be wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from attnframe_speech.data.transcripts import TranscriptModule
from attnframe_speech.recipes.audio_manifest import AudioManifest

from attnframe.errors import DataError

TEXTS = ("Go", "go  on", "stop", "no", "yes", "on", "off", "up", "down", "left")


@pytest.fixture
def manifest(tmp_path: Path, write_tone: Callable[..., Path]) -> Callable[..., Path]:
    """A manifest of ten recordings; further lines may be given."""

    def write(more: Sequence[str] = (), name: str = "said.jsonl", first: int = 0) -> Path:
        lines = []
        for number, text in enumerate(TEXTS, first):
            write_tone(tmp_path / "wav" / f"{number}.wav", 300 + 100 * number)
            lines.append(json.dumps({"audio": f"wav/{number}.wav", "text": text}))
        (tmp_path / name).write_text("\n".join([*lines, *more]) + "\n", encoding="utf-8")
        return tmp_path / name

    return write


def module(path: Path, cache: Path, **fields: Any) -> TranscriptModule:
    recipe = AudioManifest(path=str(path), rate=8000, mels=16, **fields)
    return recipe.build(data_dir=cache, cache_dir=cache, seed=0)


def faults(path: Path, cache: Path) -> list[str]:
    with pytest.raises(DataError) as error:
        module(path, cache).setup()
    return [str(fault) for fault in error.value.faults]


def test_lines_become_recordings_with_letters(manifest: Callable[..., Path], tmp_path: Path) -> None:
    data = module(manifest(), tmp_path / "cache")
    data.setup()
    assert [len(part) for part in (data.train, data.val, data.test)] == [8, 1, 1]
    said = [*data.train.transcripts, *data.val.transcripts, *data.test.transcripts]
    assert sorted(said) == sorted(["go", "go on", "stop", "no", "yes", "on", "off", "up", "down", "left"])
    assert data.facts["letters"] == sorted(set("".join(said)))
    batch = data.train.batch(torch.arange(3))
    assert batch["letters"].shape == (3, int(batch["lengths"].max()))
    assert batch["features"].shape == (3, int(batch["frames"].max()), 16)


def test_case_is_kept_on_request(manifest: Callable[..., Path], tmp_path: Path) -> None:
    data = module(manifest(), tmp_path / "cache", case="keep")
    data.setup()
    assert "G" in data.facts["letters"]


def test_a_folder_of_manifests_brings_its_parts(manifest: Callable[..., Path], tmp_path: Path) -> None:
    for name, first in (("train.jsonl", 0), ("dev.jsonl", 10), ("test.jsonl", 20)):
        manifest(name=name, first=first)
    data = module(tmp_path, tmp_path / "cache")
    data.setup()
    assert [len(part) for part in (data.train, data.val, data.test)] == [10, 10, 10]


def test_everything_wrong_with_a_manifest_is_told_at_once(
    manifest: Callable[..., Path], tmp_path: Path, write_tone: Callable[..., Path]
) -> None:
    (tmp_path / "wav").mkdir()
    (tmp_path / "wav" / "broken.wav").write_text("no sound")
    write_tone(tmp_path / "wav" / "empty.wav", seconds=0.001)
    path = manifest(
        [
            "{",
            "[1]",
            '{"audio": "wav/0.wav"}',
            '{"audio": "wav/1.wav", "text": " "}',
            '{"audio": "wav/gone.wav", "text": "gone"}',
            '{"audio": "wav/broken.wav", "text": "broken"}',
            '{"audio": "wav/empty.wav", "text": "empty"}',
        ]
    )
    told = "\n".join(faults(path, tmp_path / "cache"))
    for text in (
        f"{path} must hold one JSON object a line. Got line 11, line 12.",
        f"{path} must have the texts audio and text in every line. Got line 13.",
        f"{path} must have a text that is not empty in every line. Got line 14.",
        f"data.path must name each recording once. Got {tmp_path}/wav/1.wav.",
        f"data.path must name recordings that are there. Got {tmp_path}/wav/gone.wav.",
        "broken.wav is no sound that libsndfile reads",
        "empty.wav is empty: 1 ms of sound",
    ):
        assert text in told, told


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("missing", "data.path must be a file of JSON lines, or a folder of them. Got "),
        ("empty", "data.path must hold train.jsonl. Got none in "),
        ("blank.jsonl", "{tmp}/blank.jsonl must have lines. Got none."),
        ("bytes.jsonl", "{tmp}/bytes.jsonl must be a text in UTF-8."),
    ],
)
def test_paths_that_hold_no_manifest_are_refused(name: str, wanted: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "blank.jsonl").write_text("\n")
    (tmp_path / "bytes.jsonl").write_bytes(b"\xff\xfe\xff")
    assert faults(tmp_path / name, tmp_path / "cache")[0].startswith(wanted.format(tmp=tmp_path))


def test_letters_that_a_model_does_not_know_are_refused(manifest: Callable[..., Path], tmp_path: Path) -> None:
    data = module(manifest(), tmp_path / "cache")
    data.setup()
    again = module(manifest(), tmp_path / "cache")
    again.known_facts = {**data.facts, "letters": list(" efghino")}
    with pytest.raises(DataError, match=r"letters that the model was trained on. Got 'd', 'l', 'p', 's', 't', 'u'"):
        again.setup()


def test_transcripts_longer_than_their_recordings_are_refused(
    manifest: Callable[..., Path], tmp_path: Path, write_tone: Callable[..., Path]
) -> None:
    write_tone(tmp_path / "brief.wav", seconds=0.1)  # 11 frames
    path = manifest([json.dumps({"audio": "brief.wav", "text": "good morning"})])
    (told,) = faults(path, tmp_path / "cache")
    must = "data must have recordings long enough for their transcripts, a frame a letter."
    assert told.startswith(f"{must} Got 1 that are not, such as 'good morning'.")


def test_the_floor_is_the_best_constant(manifest: Callable[..., Path], tmp_path: Path) -> None:
    data = module(manifest(), tmp_path / "cache")
    data.setup()
    data.train.transcripts, data.test.transcripts = ["go on", "go on", "no"], ["go on", "no"]
    floor = data.floor()
    assert floor == {"name": "always “go on”", "test/wer": pytest.approx(2 / 3), "test/cer": pytest.approx(4 / 7)}
