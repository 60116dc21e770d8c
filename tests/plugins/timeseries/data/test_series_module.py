"""Labelled series, padded and split; faults of files and parts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from attnframe_timeseries.data.series_module import SeriesModule
from attnframe_timeseries.data.ts_files import read_ts_files

from attnframe.errors import DataError

HEAD = ["@timeStamps false", "@classLabel true left right", "@data"]


def test_series_are_padded_and_standardised_by_the_training_part(series_module: Callable[..., SeriesModule]) -> None:
    module = series_module()
    assert module.facts["classes"] == ["left", "right"]
    assert module.facts["length"] == 4
    assert [len(part) for part in (module.train, module.val, module.test)] == [2, 2, 2]
    batch = module.train.batch(torch.arange(2))
    steps = batch["series"][batch["valid"]]
    torch.testing.assert_close(steps.mean(0), torch.zeros(2), atol=1e-6, rtol=0)
    torch.testing.assert_close(steps.std(0, correction=0), torch.ones(2), atol=1e-5, rtol=0)
    assert not batch["series"][~batch["valid"]].any()


def test_the_protocol_names_parts_and_lengths(series_module: Callable[..., SeriesModule]) -> None:
    assert series_module().protocol == {
        "series": {"train": 2, "val": 2, "test": 2},
        "steps": [2, 4],
        "channels": 2,
    }


def test_a_missing_test_file_is_split_off(series_module: Callable[..., SeriesModule]) -> None:
    train = [*HEAD, *(f"{number},1,2:{label}" for number in range(10) for label in ("left", "right"))]
    module = series_module(train, None, split=(0.6, 0.2, 0.2))
    assert [len(part) for part in (module.train, module.val, module.test)] == [12, 4, 4]
    assert module.test.labels[module.test.members].sum() == 2


def test_a_checkpoint_keeps_its_order_of_classes(series_module: Callable[..., SeriesModule]) -> None:
    facts = series_module().facts
    turned = ["@timeStamps false", "@classLabel true right left", "@data", "1,2:1,2:left"]
    module = series_module(test=turned, known=facts)
    assert module.facts == facts
    assert module.test.batch(torch.tensor([0]))["labels"].tolist() == [0]


def test_other_classes_channels_and_lengths_than_those_of_the_checkpoint_are_told(
    series_module: Callable[..., SeriesModule],
) -> None:
    facts = {**series_module().facts, "classes": ["left", "up"], "mean": [0.0], "std": [1.0], "length": 3}
    with pytest.raises(DataError) as caught:
        series_module(known=facts)
    assert [str(fault) for fault in caught.value.faults] == [
        "class right must be one that the model was trained on. Known: left, up.",
        "data must have 1 channels, as the training data have. Got 2.",
        "data must have at most 3 steps, as the training data have. Got 4 steps. "
        "Shorten them, or train with series as long.",
    ]


def test_a_class_without_an_example_and_an_empty_part_are_told(series_module: Callable[..., SeriesModule]) -> None:
    train = ["@classLabel true left right up", "@data", "1,2:left", "3,4:right"]
    test = ["@classLabel true left right", "@data", "1,2:left"]
    with pytest.raises(DataError) as caught:
        series_module(train, test, split=(1.0, 0.0, 0.0))
    assert [str(fault) for fault in caught.value.faults] == [
        "part val must hold series. Got none. Give each part a share with data.split=[0.8,0.1,0.1].",
        "class up must have series to train on. Got none. Add some to the training file, or drop the class.",
    ]


def test_a_single_class_is_told(series_module: Callable[..., SeriesModule]) -> None:
    one = ["@classLabel true left", "@data", "1,2:left", "3,4:left"]
    with pytest.raises(DataError, match=r"classes must be at least two\. Got left\."):
        series_module(one, one)


def test_faults_of_both_files_are_told_at_once(ts_folder: Callable[..., Path]) -> None:
    folder = ts_folder([*HEAD, "1,?:left"], [*HEAD, "1,2:up"])
    with pytest.raises(DataError) as caught:
        read_ts_files(folder)
    told = str(caught.value)
    assert f"{folder / 'hands_TRAIN.ts'} must have every value" in told
    assert f"{folder / 'hands_TEST.ts'} must have labels that @classLabel declares" in told


def test_files_of_other_channels_are_told(ts_folder: Callable[..., Path]) -> None:
    folder = ts_folder([*HEAD, "1,2:left"], [*HEAD, "1,2:1,2:right"])
    with pytest.raises(DataError, match=r"as many channels\. Got 1 in hands_TRAIN\.ts, 2 in hands_TEST\.ts"):
        read_ts_files(folder)


def test_a_folder_without_a_training_file_is_told(ts_folder: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"must hold one file NAME_TRAIN\.ts\. Got none"):
        read_ts_files(ts_folder(None))
    with pytest.raises(DataError, match=r"data\.path must be a folder with NAME_TRAIN\.ts and NAME_TEST\.ts"):
        read_ts_files(tmp_path / "none")
