"""Logits of tokens and sentences, their loss and metrics, and prediction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from attnframe_nlp.sequence_tagger import SequenceTagger
from attnframe_nlp.sequence_tagging import SequenceTagging

from attnframe.config.check import check
from attnframe.errors import ConfigurationError
from attnframe.plugin.contract import Parts, PredictRecipe
from attnframe.recipes.registry import attention_variants, position_schemes

MODELS = tuple(SequenceTagging.models)
FACTS: dict[str, Any] = {
    "tags": ["B-song", "I-song", "O"],
    "intents": ["play", "stop"],
    "vocabulary": {"kind": "word", "lowercase": True, "pieces": ["play", "blue", "monday"]},
    "vocabulary_size": 5,
    "stops": [],
    "max_length": 4,
    "subwords": 0,
}
LETTERS = FACTS | {
    "tags": ["C", "H"],
    "intents": [],
    "vocabulary": {"kind": "character", "lowercase": False, "pieces": ["M", "K"]},
}
OPTIONS = PredictRecipe(batch_size=2)


def build(
    model: str = "transformer", attention: str = "mha", facts: dict[str, Any] = FACTS, **fields: Any
) -> SequenceTagger:
    torch.manual_seed(0)
    recipe = SequenceTagging.models[model](dim=16, depth=1, **fields)
    parts = Parts(attention_variants()[attention](num_heads=2), position_schemes()["rope"](), recipe)
    return SequenceTagging().build(parts, facts).eval()


def batch(*rows: list[int], tags: list[list[int]] | None = None) -> dict[str, torch.Tensor]:
    longest = max(map(len, rows))
    tokens = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    targets = torch.full_like(tokens, -100)
    for row, given in enumerate(tags or [[2] * len(row) for row in rows]):
        targets[row, : len(given)] = torch.tensor(given)
    intents = torch.arange(len(rows)) % 2
    return {"tokens": tokens, "tags": targets, "intents": intents, "spellings": tokens.new_zeros((*tokens.shape, 0))}


@pytest.mark.parametrize("pool", ["mean", "attention"])
@pytest.mark.parametrize("model", MODELS)
def test_padding_and_neighbours_change_nothing(model: str, pool: str) -> None:
    module = build(model, pool=pool)
    alone = module(batch([2, 3]))
    together = module(batch([2, 3], [3, 3, 4, 2]))
    torch.testing.assert_close(together[:1, :2], alone, atol=1e-5, rtol=1e-5)


def test_the_loss_is_that_of_tags_and_intents() -> None:
    module = build()
    given = batch([2, 3, 4], [2], tags=[[2, 0, 1], [-100]])
    loss, outputs = module.loss(given)
    tags, intents = outputs[..., :3].log_softmax(2), outputs[:, 0, 3:].log_softmax(1)
    expected = -(tags[0, 0, 2] + tags[0, 1, 0] + tags[0, 2, 1]) / 3 - (intents[0, 0] + intents[1, 1]) / 2
    torch.testing.assert_close(loss, expected)
    assert outputs.shape == (2, 3, 5)


def test_without_intents_there_are_logits_of_tags_only() -> None:
    module = build(facts=LETTERS)
    assert module(batch([2, 3])).shape == (1, 2, 2)
    assert set(module.metrics()) == {"accuracy"}
    assert not [name for name, _ in module.named_parameters() if "intent" in name]


def test_metrics_are_counted_over_scored_tokens() -> None:
    module = build()
    given = batch([2, 3, 4], [2, 3], tags=[[2, 0, 1], [2, -100]])
    outputs = torch.zeros(2, 3, 5)
    for row, answers in enumerate([[2, 0, 2], [2, 1, 0]]):
        for place, answer in enumerate(answers):
            outputs[row, place, answer] = 1.0
    outputs[:, :, 3] = 1.0  # intent 0 for both
    metrics = module.metrics()
    module.update_metrics(metrics, given, outputs)
    found = {name: float(metric.compute()) for name, metric in metrics.items()}
    assert found == {"accuracy": 0.75, "slot_f1": 0.0, "intent_accuracy": 0.5, "sentence_accuracy": 0.0}


def test_sentences_are_tagged_in_any_batch_and_long_ones_in_pieces(tmp_path: Path) -> None:
    module = build()
    path = tmp_path / "some.conll"
    path.write_text("Play O\nblue O\nmonday O\n\n" + "x O\n" * 9 + "\nPlay O\n", encoding="utf-8")
    records = list(module.predict(module.read_inputs(str(path), OPTIONS), OPTIONS))
    assert [len(record["tokens"]) for record in records] == [3, 9, 1]
    assert [*records[0]] == ["input", "tagged", "intent", "intent_probability", "spans", "tokens"]
    assert records[0]["tokens"][0]["token"] == "Play"
    shares = module(batch([2, 3, 4]))[0, :, :3].softmax(1).max(1).values.tolist()
    assert [token["probability"] for token in records[0]["tokens"]] == pytest.approx(shares, abs=1e-6)
    pieces = [module(batch([1] * length))[0, :, :3].argmax(1).tolist() for length in (4, 4, 1)]
    assert [token["tag"] for token in records[1]["tokens"]] == [FACTS["tags"][tag] for piece in pieces for tag in piece]


def test_letters_are_tagged_one_by_one() -> None:
    module = build(facts=LETTERS)
    (record,) = module.predict(module.read_inputs("MKKM", OPTIONS), OPTIONS)
    assert len(record["tagged"]) == 4
    assert [*record] == ["input", "tagged", "tokens"]


def test_a_text_is_no_sequence_of_vectors() -> None:
    with pytest.raises(ConfigurationError, match="one vector of a whole text, where each token has a tag of its own"):
        check(["task=sequence_tagging", "model=hierarchical"])


@pytest.mark.parametrize("data", ["commands", "atis", "protein_ss", "conll_file data.path=a.conll"])
def test_every_dataset_composes_and_passes_the_dry_run(data: str) -> None:
    (plan,) = check(["task=sequence_tagging", *f"data={data}".split()], dry_run=True).plans
    assert plan.task.name == "sequence_tagging"


SEE_BOTH_SIDES = [name for name, variant in attention_variants().items() if variant.capabilities.noncausal]


@pytest.mark.parametrize("attention", SEE_BOTH_SIDES)
def test_every_variant_that_sees_both_sides_tags(attention: str) -> None:
    module = build(attention=attention, facts=FACTS | {"max_length": 40})
    loss, outputs = module.loss(batch([2, 3, 4, 2] * 9, [3, 3, 2]))
    torch.autograd.backward(loss)
    assert outputs.isfinite().all()
    assert all(parameter.grad is None or parameter.grad.isfinite().all() for parameter in module.parameters())


def test_the_others_are_refused_with_the_reason() -> None:
    model = SequenceTagging.models["transformer"]()
    for attention in set(attention_variants()) - set(SEE_BOTH_SIDES):
        assert SequenceTagging().needs(model).unmet(attention_variants()[attention].capabilities)
    with pytest.raises(ConfigurationError, match="task=sequence_tagging, which needs non-causal attention"):
        check(["task=sequence_tagging", "attention=retention"])
