"""Fields and columns of events."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from attnframe_recommendation.data.events import Events, EventSplit, Field, padded

EVENTS = Events(
    fields=(Field("a", "one", ("x", "y")), Field("b", "many", ("p",))),
    columns={"a": np.array([1, 2, 0]), "b": np.array([[1], [0], [1]])},
    labels=np.array([1, 0, 1], np.float32),
    parts=np.array([0, 0, 1], np.uint8),
)


def test_fields_survive_as_plain_values() -> None:
    field = Field("price", "number", edges=(1.0, 2.5))
    assert Field.of_plain(field.plain()) == field
    assert field.plain() == {"name": "price", "kind": "number", "values": [], "edges": [1.0, 2.5], "of": ""}


def test_a_batch_holds_labels_and_columns() -> None:
    split = EventSplit(EVENTS, np.array([1, 2]))
    assert len(split) == 2
    batch = split.batch(torch.tensor([1]))
    assert {name: value.tolist() for name, value in batch.items()} == {"labels": [1.0], "a": [0], "b": [[1]]}


def test_rows_are_padded_at_their_end_and_keep_what_is_latest() -> None:
    assert padded([[1, 2, 3], [], [4]]).tolist() == [[1, 2, 3], [0, 0, 0], [4, 0, 0]]
    assert padded([[1, 2, 3], [4]], 2).tolist() == [[2, 3], [4, 0]]
    assert padded([[]]).shape == (1, 1)


def test_the_digest_changes_with_the_data() -> None:
    other = replace(EVENTS, labels=1 - EVENTS.labels)
    assert len({EVENTS.digest, other.digest, replace(EVENTS, fields=EVENTS.fields[:1]).digest}) == 3
