"""A user's own interactions from the file to recommendations, and what is refused on the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from attnframe.config.check import check
from attnframe.errors import DataError
from attnframe.evaluation.evaluate import evaluate
from attnframe.evaluation.predict import predict
from attnframe.training.run import train

EVENTS = [f"u{user},i{(user + step) % 7},{1000 * step}" for user in range(12) for step in range(5)]


@pytest.fixture
def checkpoint(written: Callable[..., Path], tmp_path: Path) -> Path:
    """A recommender of a folder with titles and a brand, trained for a moment."""
    written(["user,item,timestamp", *EVENTS, "loner,i1,5"], "own/interactions.csv")
    items = [f"i{item},The number {item},brand {item % 2}" for item in range(7)]
    folder = written(["item,title,brand", *items], "own/items.csv").parent
    overrides = ["data=interactions_csv", f"data.path={folder}", "model.side_information=field", "position=timestamps"]
    small = ["model.dim=8", "model.depth=1", "trainer.max_steps=2", "trainer.progress=false"]
    plan = check(["plugin=recommendation", *overrides, *small]).plans[0]
    result = train(plan, tmp_path / "run")
    assert result["protocol"]["users"] == 12
    assert result["protocol"]["users with fewer than 3 events"] == 1
    assert {"test/hr@10", "test/ndcg@10", "test/transition_share"} <= set(result["metrics"])
    assert result["floor"]["name"] == "last-item transitions"
    return Path(result["checkpoint"])


def test_a_checkpoint_recommends_and_is_evaluated_on_other_users(
    checkpoint: Path, written: Callable[..., Path]
) -> None:
    path = written(["user,item,timestamp", "new,i3,1", "new,i4,2", "new,i5,3"], "new.csv")
    (record,) = predict(checkpoint, str(path), options={"top_k": 2})
    assert record["input"] == "new"
    assert [item["title"] for item in record["items"]] == [f"The number {item['item'][1:]}" for item in record["items"]]
    assert not {item["item"] for item in record["items"]} & {"i3", "i4", "i5"}
    assert len(predict(checkpoint, "u0,u5")) == 2
    changes = {"data": {"path": str(path)}}
    assert evaluate(checkpoint, changes)["protocol"]["users"] == 1
    written(["user,item,timestamp", "new,i3,1", "new,other,2", "new,i5,3"], "new.csv")
    with pytest.raises(DataError, match=r"items must be ones that the model was trained on\. Got other\."):
        evaluate(checkpoint, changes)
