"""The data module of language modelling."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from attnframe_nlp.data import ngram
from attnframe_nlp.data.module import TextModule
from attnframe_nlp.data.ngram import WittenBell

from attnframe.errors import DataError

Make = Callable[..., TextModule]


def test_facts_are_what_the_model_needs(text_module: Make) -> None:
    data = text_module()
    data.setup()
    vocabulary = data.facts["tokenizer"]["vocabulary"]
    assert data.facts == {
        "tokenizer": {"name": "character", "vocabulary": vocabulary},
        "vocabulary_size": len(vocabulary),
        "context": 16,
    }
    assert len(data.digest) == 64


@pytest.mark.parametrize("tokenizer", ["character", "byte", "bpe"])
def test_validation_and_test_are_the_whole_parts(text_module: Make, text_path: Path, tokenizer: str) -> None:
    data = text_module(tokenizer=tokenizer, vocabulary_size=300)
    data.setup()
    whole = text_path.read_text()
    parts = {"val": whole[int(len(whole) * 0.8) : int(len(whole) * 0.9)], "test": whole[int(len(whole) * 0.9) :]}
    for part, split in (("val", data.val), ("test", data.test)):
        batch = split.batch(torch.arange(len(split)))
        first = batch["tokens"][0, :1].tolist()
        targets = batch["targets"][batch["targets"] >= 0].tolist()
        assert data.encoded.tokenizer.decode(first + targets) == parts[part]


def test_augment_moves_the_training_windows_only(text_module: Make) -> None:
    data = text_module()
    data.setup()
    before = data.train.batch(torch.arange(8))
    torch.manual_seed(0)
    after = data.augment(before)
    assert after["tokens"].shape == before["tokens"].shape
    assert not torch.equal(after["tokens"], before["tokens"])


def test_every_part_that_is_too_short_is_told(text_module: Make, tmp_path: Path) -> None:
    path = tmp_path / "short.txt"
    path.write_text("ten chars.")
    with pytest.raises(DataError) as error:
        text_module(path, context=8).setup()
    assert str(error.value).splitlines() == [
        "The train part of the text must have at least 9 tokens. Got 8. "
        "Give a longer text, or a data.context of at most 7.",
        "The val part of the text must have at least 2 tokens. Got 1. Give a longer text, or another data.split.",
        "The test part of the text must have at least 2 tokens. Got 1. Give a longer text, or another data.split.",
    ]


def test_a_context_of_all_training_tokens_but_one_is_allowed(text_module: Make, tmp_path: Path) -> None:
    path = tmp_path / "short.txt"
    path.write_text("twenty characters..\n")
    data = text_module(path, context=15)
    data.setup()
    assert len(data.train) == 1
    with pytest.raises(DataError, match=r"data\.context of at most 15\."):
        text_module(path, context=16).setup()


def test_known_facts_encode_another_text_as_the_checkpoint_does(text_module: Make, tmp_path: Path) -> None:
    trained = text_module()
    trained.setup()
    other = tmp_path / "other.txt"
    other.write_text("the green wall\n" * 40)
    data = text_module(other, context=8, tokenizer="byte")
    data.known_facts = trained.facts
    data.setup()
    assert data.facts == trained.facts
    tokens = data.train.batch(torch.tensor([0]))["tokens"][0].tolist()
    assert trained.encoded.tokenizer.decode(tokens) == "the green wall\nt"


def test_known_facts_of_the_same_data_give_the_same_digest(text_module: Make) -> None:
    trained, again = text_module(tokenizer="bpe", vocabulary_size=280), text_module(tokenizer="bpe")
    trained.setup()
    again.known_facts = trained.facts
    again.setup()
    assert again.digest == trained.digest


def test_characters_that_the_checkpoint_does_not_know_are_all_named(text_module: Make, tmp_path: Path) -> None:
    trained = text_module()
    trained.setup()
    other = tmp_path / "other.txt"
    other.write_text("é the green wall\n" * 20 + "Ω")
    data = text_module(other)
    data.known_facts = trained.facts
    with pytest.raises(DataError) as error:
        data.setup()
    assert str(error.value) == (
        f"The text must use only the {trained.facts['vocabulary_size']} characters that the checkpoint was trained "
        "with. Got 'é' 'Ω'. Leave them out, or train with data.tokenizer=byte or bpe, which know every character."
    )


@pytest.mark.parametrize("tokenizer", ["character", "byte", "bpe"])
def test_the_floor_scores_the_targets_of_the_test_part(
    text_module: Make, tokenizer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ngram, "CHUNK", 100)
    data = text_module(tokenizer=tokenizer, vocabulary_size=300)
    data.setup()
    parts = {part: file.tokens for part, file in data.encoded.parts.items()}
    model = WittenBell(5, data.facts["vocabulary_size"], np.concatenate([parts["train"], parts["val"]]))
    nats = np.concatenate(list(model.nats(parts["test"])))[1:].sum()
    characters = len(data.encoded.tokenizer.decode(parts["test"][1:].tolist()))
    floor = data.floor()
    assert floor["name"] == "5-gram, Witten-Bell"
    assert floor["test/loss"] == pytest.approx(nats / (len(parts["test"]) - 1))
    assert floor["test/perplexity"] == pytest.approx(math.exp(floor["test/loss"]))
    assert floor["test/nats_per_character"] == pytest.approx(nats / characters)
