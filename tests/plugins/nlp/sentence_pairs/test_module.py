"""The data module: vocabularies, facts, order, limits and floor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from attnframe_nlp.recipes.parallel_text import ParallelText
from attnframe_nlp.sentence_pairs.module import PairsModule
from attnframe_nlp.sentence_pairs.vocabulary import vocabulary_from

from attnframe.errors import DataError

Folder = Callable[..., Path]
WORDS = ["eins", "zwei", "drei", "vier"]
DE = [" ".join(WORDS[: 1 + number % 4]) + f" {number}" for number in range(60)]
EN = [sentence.replace("eins", "one").replace("zwei", "two") for sentence in DE]


@pytest.fixture
def module(parallel_folder: Folder, tmp_path: Path) -> Callable[..., PairsModule]:
    folder = parallel_folder(train_de=DE, train_en=EN)

    def make(turned: bool = False, **fields: Any) -> PairsModule:
        source, target = ("en", "de") if turned else ("de", "en")
        recipe = ParallelText(path=str(folder), source=source, target=target, **fields)
        return recipe.build(data_dir=tmp_path, cache_dir=tmp_path, seed=0)

    return make


@pytest.mark.parametrize("tokenizer", ["bpe", "word"])
def test_batches_hold_the_sentences(module: Callable[..., PairsModule], tokenizer: str) -> None:
    data = module(tokenizer=tokenizer, min_count=1)
    data.setup()
    nominal = data.recipe.nominal_facts()
    assert set(data.facts) == set(nominal)
    assert data.facts["joint"] is (tokenizer == "bpe")
    reading, writing = (vocabulary_from(data.facts[f"{side}_vocabulary"]) for side in ("source", "target"))
    assert (reading.size, writing.size) == (data.facts["source_size"], data.facts["target_size"])
    batch = data.train.batch(torch.arange(len(data.train)))
    sentences = [
        (reading.decode(a), writing.decode(b)) for a, b in zip(*(batch[n].tolist() for n in batch), strict=True)
    ]
    assert sentences == list(data.parts["train"])
    assert "references" not in batch
    assert data.protocol["direction"] == "de->en"
    assert data.protocol["split off train"] == "val, test"
    assert "tok:13a" in data.protocol["sacrebleu signature"]


def test_scored_parts_come_in_order_of_length_with_their_references(module: Callable[..., PairsModule]) -> None:
    data = module(split=(0.5, 0.25, 0.25))
    data.setup()
    batch = data.test.batch(torch.arange(len(data.test)))
    lengths = (batch["source"] != 0).sum(1)
    assert torch.equal(lengths, lengths.sort().values)
    writing = vocabulary_from(data.facts["target_vocabulary"])
    assert [writing.decode(tokens) for tokens in batch["target"].tolist()] == batch["references"]


def test_a_validation_is_no_longer_than_it_must_be(
    module: Callable[..., PairsModule], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, some = module(split=(0.5, 0.25, 0.25)), module(split=(0.5, 0.25, 0.25))
    whole.setup()
    monkeypatch.setattr("attnframe_nlp.sentence_pairs.module.VALIDATED", 5)
    some.setup()
    assert (len(whole.val), len(some.val), len(some.test)) == (15, 5, 15)
    assert some.val.lengths.tolist() == whole.val.lengths[::3].tolist()


def test_a_checkpoint_s_vocabularies_are_kept(module: Callable[..., PairsModule]) -> None:
    first, second = module(vocabulary_size=280), module(vocabulary_size=300)
    first.setup()
    second.known_facts = first.facts
    second.setup()
    assert second.facts == first.facts
    assert second.digest == first.digest


def test_another_direction_than_that_of_the_checkpoint_is_refused(module: Callable[..., PairsModule]) -> None:
    first, turned = module(), module(turned=True)
    first.setup()
    turned.known_facts = first.facts
    with pytest.raises(DataError) as caught:
        turned.setup()
    assert [str(fault) for fault in caught.value.faults] == [
        "data.source must be de, as in training. Got en.",
        "data.target must be en, as in training. Got de.",
    ]


def test_pairs_that_are_too_long_are_left_out_of_training(module: Callable[..., PairsModule]) -> None:
    data = module(tokenizer="word", min_count=1, max_length=4)
    data.setup()
    assert int(data.train.source.lengths.max()) <= 4
    left = data.protocol["training pairs left out as too long"]
    assert left + len(data.train) == 48
    assert int(data.test.source.lengths.max()) <= 4, "sentences that are scored are cut"
    with pytest.raises(
        DataError, match=r"data\.max_length must be at least 3, the tokens of the shortest training pair"
    ):
        module(tokenizer="word", min_count=1, max_length=2).setup()


def test_bleu_counts_tokens_as_given(module: Callable[..., PairsModule]) -> None:
    data = module(tokenised=True)
    data.setup()
    assert "tok:none" in data.protocol["bleu signature"]
    assert "tok:13a" in data.protocol["sacrebleu signature"]


def test_the_floor_has_the_names_of_the_metrics(module: Callable[..., PairsModule]) -> None:
    data = module()
    data.setup()
    floor = data.floor()
    assert set(floor) == {"name", "test/bleu", "test/sacrebleu", "test/chrf", "test/exact_match"}
    assert floor["name"] in ("copy of the source", "translation of the nearest training source")
    assert 0 < floor["test/chrf"] <= 1
