"""Tagged sentences as batches."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from attnframe_nlp.data.tagged.module import IGNORED, TaggedModule
from attnframe_nlp.data.tagged.sentences import UNTAGGED, Sentences, SentenceSource
from attnframe_nlp.recipes.commands import Commands
from attnframe_nlp.recipes.conll_file import ConllFile

from attnframe.errors import DataError


def module(
    path: Path, count: int = 20, extra: str = "", known: dict[str, Any] | None = None, **fields: Any
) -> TaggedModule:
    rows = [f"go O\nto O\nnew B-city\nplace{number} I-city\n" for number in range(count)]
    path.write_text("\n".join([*rows, extra]), encoding="utf-8")
    made = ConllFile(path=str(path), **fields).build(data_dir=path.parent, cache_dir=path.parent, seed=0)
    made.known_facts = known
    made.setup()
    return made


def test_batches_hold_tokens_and_tags(tmp_path: Path) -> None:
    made = module(tmp_path / "a.conll", extra="hi O\n" * 6, min_count=1)
    assert made.facts["tags"] == ["B-city", "I-city", "O"]
    assert made.facts["intents"] == []
    assert sum(len(part) for part in (made.train, made.val, made.test)) == 21
    batch = made.train.batch(torch.arange(len(made.train)))
    assert batch["tokens"].shape == batch["tags"].shape
    assert ((batch["tags"] == IGNORED) == (batch["tokens"] == 0)).all()
    row = batch["tags"][(batch["tags"] >= 0).sum(1) == 4][0]
    assert row[:4].tolist() == [2, 2, 0, 1]


def test_long_sentences_are_cut_into_pieces(tmp_path: Path) -> None:
    made = module(tmp_path / "a.conll", max_length=3)
    assert sum(len(part) for part in (made.train, made.val, made.test)) == 40
    assert int(made.train.lengths.sum()) == 16 * 4
    assert sorted(set(made.train.lengths.tolist())) == [1, 3]


class WithoutOutside(SentenceSource):
    """The sentences of another source, those tokens untagged that stand outside of every slot."""

    def __init__(self, source: SentenceSource) -> None:
        self.source = source

    def read(self) -> Sentences:
        found = self.source.read()
        tags = tuple(tuple(UNTAGGED if tag == "O" else tag for tag in row) for row in found.tags)
        return replace(found, tags=tags)


def test_tokens_without_a_tag_are_neither_learnt_nor_scored() -> None:
    made = Commands(sentences=100).build(data_dir=Path(), cache_dir=Path(), seed=0)
    made.source = WithoutOutside(made.source)
    made.setup()
    assert UNTAGGED not in made.facts["tags"]
    assert "O" not in made.facts["tags"]
    batch = made.train.batch(torch.arange(8))
    assert ((batch["tags"] == IGNORED) & (batch["tokens"] > 0)).any()


def test_data_is_encoded_as_the_checkpoint_says(tmp_path: Path) -> None:
    known = module(tmp_path / "a.conll").facts
    assert module(tmp_path / "b.conll", 10, known=known).facts == known
    with pytest.raises(DataError, match=r"tag 'B-day' must be one that the model was trained on\. Known: B-city"):
        module(tmp_path / "c.conll", extra="now B-day\n\n" * 30, known=known)


def test_a_model_with_intents_wants_them(tmp_path: Path) -> None:
    commands = Commands(sentences=100).build(data_dir=tmp_path, cache_dir=tmp_path, seed=0)
    commands.setup()
    with pytest.raises(DataError, match="intents must be given, because the model was trained with them"):
        module(tmp_path / "a.conll", known=commands.facts)


def test_facts_have_the_keys_of_nominal_ones(tmp_path: Path) -> None:
    made = module(tmp_path / "a.conll")
    assert set(made.facts) == set(made.recipe.nominal_facts())


def test_the_floor_is_measured_as_the_model_is(tmp_path: Path) -> None:
    floor = module(tmp_path / "a.conll").floor()
    # The last word of a test sentence was never seen, and is taken for O.
    assert floor == {"name": "most frequent tag of the word", "test/accuracy": 0.75, "test/slot_f1": 0.0}
