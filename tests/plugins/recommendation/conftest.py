"""Shared by the tests of recommendation: small interactions, modules and tables made by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attnframe_recommendation.click_prediction import ClickPrediction
from attnframe_recommendation.click_predictor import ClickPredictor
from attnframe_recommendation.data.interactions import Attributes, Interactions
from attnframe_recommendation.data.module import InteractionModule
from attnframe_recommendation.recipes.field_transformer import FieldTransformer
from attnframe_recommendation.recipes.generated_sessions import GeneratedSessions
from attnframe_recommendation.recipes.sequential_transformer import SequentialTransformer
from attnframe_recommendation.recommender import SequentialRecommender
from attnframe_recommendation.sequential_recommendation import SequentialRecommendation

from attnframe.plugin.contract import Parts
from attnframe.recipes.registry import attention_variants, position_schemes

HISTORIES = [[1, 2, 3, 4, 5], [2, 3, 1], [4, 5], [3, 4, 2, 6]]


@pytest.fixture
def interactions() -> Callable[..., Interactions]:
    """Interactions of histories of item numbers; times and attributes may be given."""

    def make(histories: Sequence[Sequence[int]] = HISTORIES, times: bool = False, described: bool = False) -> Any:
        taken = np.array([item for history in histories for item in history], np.int64)
        number = int(taken.max())
        of_item = tuple((1 + item % 2,) for item in range(number))
        return Interactions(
            users=tuple(f"u{user}" for user in range(len(histories))),
            items=tuple(f"i{item}" for item in range(1, number + 1)),
            taken=taken,
            counts=np.array([len(history) for history in histories], np.int64),
            times=np.concatenate([10 * np.arange(len(history)) for history in histories]) if times else None,
            titles=tuple(f"Title {item}" for item in range(1, number + 1)) if described else (),
            attributes=Attributes(("odd", "even"), of_item) if described else Attributes(),
        )

    return make


@pytest.fixture
def module_of() -> Callable[..., InteractionModule]:
    """A set-up data module over interactions; fields of the recipe and facts of a checkpoint may be given."""

    def make(data: Interactions, facts: dict[str, Any] | None = None, seed: int = 0, **fields: Any) -> Any:
        module = InteractionModule(GeneratedSessions(**{"max_length": 4, **fields}), lambda: data, seed)
        module.known_facts = facts
        module.setup()
        return module

    return make


@pytest.fixture
def recommender() -> Callable[..., SequentialRecommender]:
    """A small recommender for facts; attention, position and fields of the model may be given."""

    def make(facts: dict[str, Any], attention: str = "mha", position: str = "learned", **fields: Any) -> Any:
        recipe = SequentialTransformer(**{"dim": 8, "depth": 1, **fields})
        parts = Parts(attention_variants()[attention](num_heads=2), position_schemes()[position](), recipe)
        return SequentialRecommendation().build(parts, facts)

    return make


@pytest.fixture
def predictor() -> Callable[..., ClickPredictor]:
    """A small click predictor for facts."""

    def make(facts: dict[str, Any], attention: str = "mha", **fields: Any) -> Any:
        recipe = FieldTransformer(**{"dim": 8, "depth": 1, **fields})
        parts = Parts(attention_variants()[attention](num_heads=2), position_schemes()["none"](), recipe)
        return ClickPrediction().build(parts, facts)

    return make


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """A file of lines below a folder of its own."""

    def write(lines: Sequence[str], name: str = "table.csv") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write
