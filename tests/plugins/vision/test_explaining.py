"""Explanations of the labels of pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from attnframe_vision.classifier import ImageClassifier
from attnframe_vision.explaining import LabelledPicture

from attnframe.explanation.explanation import explain_subject
from attnframe.explanation.maps import Rollout
from attnframe.recipes.explain import ExplainRecipe

FEW = ExplainRecipe(orders=2, steps=2, heads=2)


def pixels() -> np.ndarray[Any, Any]:
    return np.random.default_rng(0).integers(0, 255, (1, 8, 8)).astype(np.uint8)


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        ("transformer", {"pool": "mean"}),
        ("transformer", {"pool": "class_token"}),
        ("transformer", {"pool": "attention"}),
        ("hierarchical", {}),
        ("attention_cnn", {}),
    ],
)
def test_every_place_has_a_part(
    build: Callable[..., ImageClassifier], facts: dict[str, Any], model: str, fields: dict[str, Any]
) -> None:
    classifier = build(facts, model=model, **fields).eval()
    found = explain_subject(LabelledPicture("a.png", classifier, pixels()), FEW)
    rows, columns = classifier.network.grid
    assert len(found.relevance["attention"]) == rows * columns
    record = found.subject.plain()
    assert record["label"] in facts["classes"]
    assert found.subject.answer.startswith(f"The model says {record['label']} (")


def test_cells_that_are_deleted_are_painted_over(build: Callable[..., ImageClassifier], facts: dict[str, Any]) -> None:
    classifier = build(facts, pool="mean").eval()
    given = pixels()
    subject = LabelledPicture("a.png", classifier, given)
    rows, columns = subject.grid
    kept = torch.ones(2, rows * columns, dtype=torch.bool)
    kept[1, 0] = False
    neutral = 255 * (facts["background"] if facts["background"] is not None else facts["mean"][0])
    painted = given.astype(np.float32)
    painted[:, : 8 // rows, : 8 // columns] = neutral
    with torch.no_grad():
        logits = classifier({"pictures": torch.from_numpy(np.stack([given.astype(np.float32), painted]))})
        torch.testing.assert_close(subject.scores(kept), logits.log_softmax(1)[:, subject.label])


def test_regions_of_a_hierarchy_are_laid_back_on_the_grid(
    build: Callable[..., ImageClassifier], facts: dict[str, Any]
) -> None:
    network = build(facts, model="hierarchical", patch_size=2, region=2).network  # 4 x 4 places, 2 x 2 regions of 2 x 2
    alone = torch.eye(4).expand(4, 1, 4, 4)
    maps = Rollout({"hierarchy.items.encoder.x": alone, "hierarchy.parts.encoder.x": alone[:1]})
    share = torch.tensor([0.1, 0.2, 0.3, 0.4])
    pooled = {"hierarchy.items.pooling": share.expand(4, 4), "hierarchy.parts.pooling": share.unsqueeze(0)}
    places = network.parts(maps, pooled, "")
    torch.testing.assert_close(places[:2, :2], 0.1 * share.view(2, 2))  # the first region, at the top left
    torch.testing.assert_close(places[2:, 2:], 0.4 * share.view(2, 2))
    torch.testing.assert_close(places[:2, 2:], 0.2 * share.view(2, 2))
