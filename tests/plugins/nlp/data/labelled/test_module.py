"""Labelled texts as batches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from attnframe_nlp.data.labelled.evidence import Evidence
from attnframe_nlp.data.labelled.module import LabelledModule
from attnframe_nlp.recipes.python_topics import PythonTopics
from attnframe_nlp.recipes.text_csv import TextCsv

from attnframe.errors import ConfigurationError, DataError

ROWS = [
    f"the {kind} thing number {number} is {word},{kind}"
    for number in range(20)
    for kind, word in (("a", "good"), ("b", "bad"))
]


def module(path: Path, rows: list[str] = ROWS, known: dict[str, Any] | None = None, **fields: Any) -> LabelledModule:
    path.write_text("\n".join(["text,label", *rows]), encoding="utf-8")
    made = TextCsv(path=str(path), **fields).build(data_dir=path.parent, cache_dir=path.parent, seed=0)
    made.known_facts = known
    made.setup()
    return made


def test_parts_are_cut_off_class_by_class(tmp_path: Path) -> None:
    made = module(tmp_path / "t.csv")
    assert (len(made.train), len(made.val), len(made.test)) == (32, 4, 4)
    for part, count in ((made.train, 16), (made.val, 2), (made.test, 2)):
        assert part.labels.bincount().tolist() == [count, count]


def test_batches_hold_the_texts_and_their_labels(tmp_path: Path) -> None:
    made = module(tmp_path / "t.csv", min_count=1)
    pieces = made.facts["vocabulary"]["pieces"]
    batch = made.test.batch(torch.tensor([0, 3]))
    assert batch["tokens"].shape == (2, 7)
    for row, label in zip(batch["tokens"].tolist(), batch["labels"].tolist(), strict=True):
        assert pieces[row[1] - 2] == made.facts["classes"][label]


def test_words_of_the_test_part_are_not_in_the_vocabulary(tmp_path: Path) -> None:
    made = module(tmp_path / "t.csv", min_count=1)
    trained = {word for text in made.texts["train"] for word in text.split()}
    assert set(made.facts["vocabulary"]["pieces"]) == trained


def test_long_texts_are_cut_and_evaluation_goes_by_length(tmp_path: Path) -> None:
    made = module(
        tmp_path / "t.csv", [row.replace(",", " x" * number + ",") for number, row in enumerate(ROWS)], max_length=9
    )
    assert made.train.batch(torch.arange(32))["tokens"].shape == (32, 9)
    assert made.test.lengths.tolist() == sorted(made.test.lengths.tolist())


def test_subwords_travel_beside_the_tokens(tmp_path: Path) -> None:
    batch = module(tmp_path / "t.csv", subwords=50).train.batch(torch.arange(3))
    assert batch["spellings"].shape[:2] == batch["tokens"].shape
    assert int(batch["spellings"].max()) <= 50


def test_data_is_encoded_as_the_checkpoint_says(tmp_path: Path) -> None:
    known = module(tmp_path / "t.csv").facts
    other = module(
        tmp_path / "o.csv", [f"another thing {n},b" for n in range(9)] + [f"good {n},a" for n in range(9)], known
    )
    assert other.facts == known
    with pytest.raises(DataError, match=r"label 'c' must be one that the model was trained on\. Known: a, b\."):
        module(tmp_path / "p.csv", [f"another thing {n},{'bc'[n % 2]}" for n in range(18)], known)


def test_evidence_is_counted_in_the_training_part(tmp_path: Path) -> None:
    made = module(tmp_path / "t.csv", evidence=True)
    pieces, table = made.facts["vocabulary"]["pieces"], made.facts["evidence"]["tokens"]
    assert len(table) == made.facts["vocabulary_size"]
    assert table[pieces.index("good") + 2][0] > 1 > -1 > table[pieces.index("good") + 2][1]
    batch = made.test.batch(torch.arange(4))
    expected = Evidence.of(made.facts["evidence"], made.facts["vocabulary_size"]).look_up(batch["tokens"])
    assert torch.equal(batch["evidence"], expected)
    assert (batch["evidence"].sum(1).argmax(1) == batch["labels"]).all()
    assert module(tmp_path / "u.csv").test.batch(torch.arange(4))["evidence"].shape[2] == 0


def test_parts_without_texts_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="The test part must hold texts"):
        module(tmp_path / "t.csv", split=(0.9, 0.1, 0.0))


def test_subwords_are_for_words() -> None:
    with pytest.raises(ConfigurationError, match=r"data\.subwords \(PythonTopics\) must be 0 with data\.tokens=bpe"):
        PythonTopics(tokens="bpe", subwords=100)


@pytest.mark.parametrize("tokens", ["word", "character", "byte", "bpe"])
def test_facts_have_the_keys_of_nominal_ones(tokens: Any, tmp_path: Path) -> None:
    made = module(tmp_path / "t.csv", tokens=tokens)
    assert set(made.facts) == set(made.recipe.nominal_facts())


def test_the_floor_learns_from_the_training_part_only(tmp_path: Path) -> None:
    floor = module(tmp_path / "t.csv").floor()
    assert floor["test/accuracy"] == floor["test/f1"] == 1.0
    assert floor["name"] == "naive Bayes, words and pairs; most frequent class 0.5000"
