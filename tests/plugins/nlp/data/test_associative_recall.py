"""Associative recall: what is shown, what is asked for, and what a guess is worth."""

from __future__ import annotations

import math

import pytest
import torch
from attnframe_nlp.data.associative_recall import RecallModule, recall_sequences
from attnframe_nlp.data.windows import IGNORED
from attnframe_nlp.recipes.associative_recall import AssociativeRecall

from attnframe.errors import ConfigurationError, DataError


def ready(recipe: AssociativeRecall) -> RecallModule:
    module = RecallModule(recipe)
    module.setup()
    return module


def test_the_second_half_repeats_the_pairs_of_the_first_in_another_order() -> None:
    sequences = recall_sequences(200, pairs=5, keys=8, values=6)
    assert sequences.shape == (200, 20)
    moved = 0
    for row in sequences.tolist():
        pairs = [*zip(row[::2], row[1::2], strict=True)]
        shown, asked = pairs[:5], pairs[5:]
        assert sorted(shown) == sorted(asked)
        assert len({key for key, _ in shown}) == 5
        assert all(key < 8 <= value < 14 for key, value in shown)
        moved += shown != asked
    assert moved > 150
    assert (recall_sequences(200, 5, 8, 6) == sequences).all()


def test_only_the_values_of_the_second_half_are_asked_for() -> None:
    module = ready(AssociativeRecall(pairs=3, keys=4, values=4, examples=100))
    batch = module.train.batch(torch.arange(2))
    assert batch["tokens"].shape == (2, 11)
    asked = batch["targets"] != IGNORED
    assert asked.nonzero()[:, 1].tolist() == [6, 8, 10] * 2
    sequence = module.train.sequences[0]
    assert batch["targets"][0, 6] == sequence[7]
    assert [len(part) for part in (module.train, module.val, module.test)] == [90, 5, 5]


def test_the_floor_is_the_probability_of_any_shown_value() -> None:
    floor = ready(AssociativeRecall(pairs=4, keys=52, values=32, examples=2000)).floor()
    assert math.log(4) - 0.2 < floor["test/nats_per_character"] <= math.log(4)
    assert floor["test/loss"] == floor["test/nats_per_character"]
    assert floor["test/recalled"] < 0.05


def test_what_cannot_be() -> None:
    with pytest.raises(ConfigurationError, match=r"data\.keys .* must be at least data\.pairs=6"):
        AssociativeRecall(keys=5)
    with pytest.raises(ConfigurationError, match=r"data\.split .* must leave some sequences to each part"):
        AssociativeRecall(split=(0.9, 0.1, 0.0))


def test_a_checkpoint_of_other_keys_is_refused() -> None:
    module = RecallModule(AssociativeRecall(keys=8))
    module.known_facts = AssociativeRecall(keys=9).nominal_facts()
    with pytest.raises(DataError, match="must be the keys, values and pairs that the checkpoint was trained with"):
        module.setup()
