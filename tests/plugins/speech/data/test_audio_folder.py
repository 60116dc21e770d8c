"""A user's own recordings in class folders: what is read, and everything that can be wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from attnframe_speech.data.keywords import KeywordModule
from attnframe_speech.recipes.audio_folder import AudioFolder

from attnframe.errors import DataError


def module(path: Path, cache: Path, **fields: Any) -> KeywordModule:
    recipe = AudioFolder(path=str(path), rate=8000, mels=16, **fields)
    return recipe.build(data_dir=cache, cache_dir=cache, seed=0)


def faults(path: Path, cache: Path, **fields: Any) -> list[str]:
    with pytest.raises(DataError) as error:
        module(path, cache, **fields).setup()
    return [str(fault) for fault in error.value.faults]


def test_class_folders_are_split_class_by_class(class_folder: Path, tmp_path: Path) -> None:
    data = module(class_folder, tmp_path / "cache", split=(0.6, 0.2, 0.2))
    data.setup()
    assert data.facts["classes"] == ["high", "low"]
    assert [sorted(part.labels.tolist()) for part in (data.train, data.val, data.test)] == [
        [0, 0, 0, 1, 1, 1],
        [0, 1],
        [0, 1],
    ]


def test_folders_of_parts_are_kept(class_folder: Path, tmp_path: Path) -> None:
    for part, numbers in {"train": (0, 1, 2), "dev": (3,), "test": (4,)}.items():
        for name in ("low", "high"):
            (tmp_path / "parted" / part / name).mkdir(parents=True)
            for number in numbers:
                source = class_folder / name / f"{number}.wav"
                (tmp_path / "parted" / part / name / source.name).write_bytes(source.read_bytes())
    data = module(tmp_path / "parted", tmp_path / "cache")
    data.setup()
    assert [len(part) for part in (data.train, data.val, data.test)] == [6, 2, 2]


def test_everything_wrong_with_a_folder_is_told_at_once(
    class_folder: Path, tmp_path: Path, write_tone: Callable[..., Path]
) -> None:
    (class_folder / "low" / "text.wav").write_text("no sound")
    soundfile.write(class_folder / "low" / "short.wav", np.ones(80), 8000)
    soundfile.write(class_folder / "high" / "still.wav", np.zeros(8000), 8000)
    write_tone(class_folder / "high" / "loud.wav", level=9.0)
    write_tone(class_folder / "rare" / "0.wav")
    (class_folder / "none").mkdir()
    told = "\n".join(faults(class_folder, tmp_path / "cache", clipped="refuse"))
    for text in (
        "3 of 15: ",
        "text.wav is no sound that libsndfile reads",
        "short.wav is empty: 10 ms of sound",
        "still.wav is silent throughout",
        "must name recordings that are not clipped. Got 1 of 15: ",
        "class none must have recordings. Got none below",
        "class rare must have at least 3 recordings to train on and to cut missing parts off. Got 1.",
    ):
        assert text in told, told


def test_a_class_of_the_test_part_alone_is_refused(class_folder: Path, tmp_path: Path) -> None:
    for part, name in (("train", "low"), ("train", "high"), ("test", "low"), ("test", "other")):
        (tmp_path / "parted" / part / name).mkdir(parents=True)
        for number in range(3):
            source = class_folder / "low" / f"{number}.wav"
            (tmp_path / "parted" / part / name / source.name).write_bytes(source.read_bytes())
    (told,) = faults(tmp_path / "parted", tmp_path / "cache")
    assert told == ("class other must have at least 2 recordings to train on and to cut missing parts off. Got 0.")


def test_a_part_without_recordings_is_refused(class_folder: Path, tmp_path: Path) -> None:
    (told,) = faults(class_folder, tmp_path / "cache", split=(0.8, 0.2, 0.0))
    assert told.startswith("data.split must leave recordings for test.")


@pytest.mark.parametrize("name", ["missing", "empty", "one"])
def test_folders_without_classes_are_refused(name: str, tmp_path: Path, write_tone: Callable[..., Path]) -> None:
    (tmp_path / "empty").mkdir()
    for number in range(3):
        write_tone(tmp_path / "one" / "low" / f"{number}.wav")
    told = faults(tmp_path / name, tmp_path / "cache")[0]
    wanted = {
        "missing": "data.path must be a folder that exists. Got ",
        "empty": "data.path must hold recordings in class folders. Got none below",
        "one": "data.path must hold at least two classes. Got only low.",
    }
    assert told.startswith(wanted[name])


def test_what_a_user_should_know_is_told_each_time(
    class_folder: Path, tmp_path: Path, write_tone: Callable[..., Path], caplog: pytest.LogCaptureFixture
) -> None:
    write_tone(class_folder / "low" / "wide.wav", rate=16_000)
    write_tone(class_folder / "low" / "loud.wav", level=9.0)
    for _ in range(2):  # made, then from the cache
        caplog.clear()
        module(class_folder, tmp_path / "cache").setup()
        told = [record.getMessage() for record in caplog.records]
        assert any(text.startswith("Resampled to 8000 Hz: 1 of 12: ") and "wide.wav" in text for text in told)
        assert any(text.startswith("Clipped: 1 of 12: ") and "loud.wav" in text for text in told)


def test_classes_that_a_model_does_not_know_are_refused(class_folder: Path, tmp_path: Path) -> None:
    data = module(class_folder, tmp_path / "cache", split=(0.6, 0.2, 0.2))
    data.setup()
    (class_folder / "low").rename(class_folder / "lower")
    again = module(class_folder, tmp_path / "cache", split=(0.6, 0.2, 0.2))
    again.known_facts = data.facts
    with pytest.raises(DataError, match=r"class lower must be one that the model was trained on. Known: high, low."):
        again.setup()


def test_other_features_are_refused(class_folder: Path, tmp_path: Path) -> None:
    data = module(class_folder, tmp_path / "cache", split=(0.6, 0.2, 0.2))
    data.setup()
    recipe = AudioFolder(path=str(class_folder), rate=16_000, mels=16, split=(0.6, 0.2, 0.2))
    again = recipe.build(data_dir=tmp_path, cache_dir=tmp_path / "cache", seed=0)
    again.known_facts = data.facts
    with pytest.raises(DataError, match=r"the features that the model was trained on.*Give data.rate=8000"):
        again.setup()
