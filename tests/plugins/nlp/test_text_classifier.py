"""Logits of texts, and prediction."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from attnframe_nlp.text_classification import TextClassification
from attnframe_nlp.text_classifier import TextClassifier

from attnframe.config.check import check
from attnframe.errors import DataError
from attnframe.plugin.contract import Parts, PredictRecipe
from attnframe.recipes.registry import attention_variants, position_schemes

MODELS = tuple(TextClassification.models)
FACTS = {
    "classes": ["bad", "good"],
    "vocabulary": {"kind": "word", "lowercase": True, "pieces": ["film", "good", "."]},
    "vocabulary_size": 5,
    "stops": [4],
    "max_length": 6,
    "subwords": 0,
    "evidence": {},
}
OPTIONS = PredictRecipe(batch_size=2)


def build(
    model: str = "transformer", attention: str = "mha", facts: dict[str, Any] = FACTS, **fields: Any
) -> TextClassifier:
    torch.manual_seed(0)
    recipe = TextClassification.models[model](dim=16, depth=1, **fields)
    parts = Parts(attention_variants()[attention](num_heads=2), position_schemes()["rope"](), recipe)
    return TextClassification().build(parts, facts).eval()


def batch(*rows: list[int]) -> dict[str, torch.Tensor]:
    longest = max(map(len, rows))
    tokens = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    labels, nothing = torch.zeros(len(rows), dtype=torch.int64), tokens.new_zeros((*tokens.shape, 0))
    return {"tokens": tokens, "labels": labels, "spellings": nothing, "evidence": nothing.float()}


@pytest.mark.parametrize("pool", ["mean", "attention"])
@pytest.mark.parametrize("model", MODELS)
def test_padding_and_neighbours_change_nothing(model: str, pool: str) -> None:
    module = build(model, pool=pool)
    alone = module(batch([2, 3, 4, 2]))
    together = module(batch([2, 3, 4, 2], [3, 3, 4, 2, 2, 3], [2]))
    torch.testing.assert_close(together[:1], alone, atol=1e-5, rtol=1e-5)
    assert not torch.allclose(together[1], together[0])


@pytest.mark.parametrize("model", MODELS)
def test_the_order_of_words_counts(model: str) -> None:
    module = build(model)
    assert not torch.allclose(module(batch([2, 3, 4, 2])), module(batch([3, 2, 4, 2])), atol=1e-5)


def test_smoothing_is_for_training() -> None:
    module = build(label_smoothing=0.2)
    loss, logits = module.loss(batch([2, 3]))
    torch.testing.assert_close(loss, -logits.log_softmax(1)[0, 0])
    smoothed = module.train().loss(batch([2, 3]))[0]
    torch.testing.assert_close(smoothed, -(0.9 * logits.log_softmax(1)[0, 0] + 0.1 * logits.log_softmax(1)[0, 1]))


def test_evidence_adds_to_the_logits_and_to_the_vectors() -> None:
    table = [[0.0, 0.0], [0.0, 0.0], [1.0, -1.0], [-2.0, 2.0], [0.0, 0.0]]
    module = build(facts=FACTS | {"evidence": {"keys": [2 * 5 + 3], "tokens": table, "pairs": [[1.0, -1.0]]}})
    given = batch([2, 3, 3])
    given["evidence"] = torch.tensor(table)[given["tokens"]]
    given["evidence"][0, 1] += torch.tensor([1.0, -1.0])
    before = module(given)
    with torch.no_grad():
        module.evidence_weight += 1
    torch.testing.assert_close(module(given) - before, torch.tensor([[-2.0, 2.0]]))
    (record,) = module.predict([("x", "film good good")], OPTIONS)
    assert record["label"] == "good"
    assert [*record["probabilities"].values()] == pytest.approx(module(given).softmax(1)[0].tolist(), abs=1e-6)


def test_texts_are_predicted_in_any_batch(tmp_path: Path) -> None:
    module = build()
    path = tmp_path / "films.txt"
    path.write_text("good film.\nfilm\nan unknown thing that is longer than all\n", encoding="utf-8")
    records = list(module.predict(module.read_inputs(str(path), OPTIONS), OPTIONS))
    assert [record["input"] for record in records] == ["films.txt:1", "films.txt:2", "films.txt:3"]
    assert [*records[0]] == ["input", "text", "label", "probability", "probabilities"]
    alone = next(iter(module.predict([("x", "good film.")], OPTIONS)))
    assert alone["probabilities"] == pytest.approx(records[0]["probabilities"], abs=1e-6)
    shares = module(batch([3, 2, 4])).softmax(1)[0].tolist()
    assert [*records[0]["probabilities"].values()] == pytest.approx(shares, abs=1e-6)


def test_an_empty_input_is_refused() -> None:
    with pytest.raises(DataError, match="input must hold text"):
        build().read_inputs(" ", OPTIONS)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("attention", ["bigbird", "cosformer", "linformer", "none", "nystrom", "window"])
def test_variants_of_every_kind_serve_every_model(attention: str, model: str) -> None:
    module = build(model, attention, FACTS | {"max_length": 40})
    loss, logits = module.loss(batch([2, 3, 4, 2] * 9, [3, 3, 2]))
    torch.autograd.backward(loss)
    assert logits.isfinite().all()
    assert all(parameter.grad is None or parameter.grad.isfinite().all() for parameter in module.parameters())


@pytest.fixture
def planned() -> Callable[..., Any]:
    def plan(*overrides: str) -> Any:
        return check(["task=text_classification", *overrides], dry_run=True).plans[0]

    return plan


@pytest.mark.parametrize("data", ["python_topics", "sst2", "trec6", "atis", "uci_dna", "text_csv data.path=a.csv"])
def test_every_dataset_composes_and_passes_the_dry_run(data: str, planned: Callable[..., Any]) -> None:
    assert planned(*f"data={data}".split()).task.name == "text_classification"


def test_subwords_and_pairs_pass_the_dry_run(planned: Callable[..., Any]) -> None:
    assert planned("data.subwords=100", "model.pairs=50").data.subwords == 100
