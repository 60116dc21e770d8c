"""The module of translation: loss, search, prediction, and learning to translate."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from attnframe_nlp.recipes.translate import Translate
from attnframe_nlp.recipes.translation_model import TranslationModel
from attnframe_nlp.sentence_pairs.vocabulary import BEGIN, END, PAD
from attnframe_nlp.sentence_pairs.word_vocabulary import WordVocabulary
from attnframe_nlp.translation import Translation
from attnframe_nlp.translation_networks import crossing
from attnframe_nlp.translator import Translator

from attnframe.plugin.contract import Parts
from attnframe.recipes.registry import attention_variants, position_schemes

Make = Callable[..., Translator]
MODELS = sorted(Translation.models)


@pytest.fixture
def translator() -> Make:
    """A small module with random weights, in evaluation mode; ``field=value`` changes a field of its recipe."""

    def make(attention: str = "mha", joint: bool = False, model: str = "transformer", **fields: Any) -> Translator:
        torch.manual_seed(0)
        words = WordVocabulary(["ein", "Hund", "rennt", ".", "die", "Katze"], False, False)
        others = words if joint else WordVocabulary(["a", "dog", "runs", ".", "the"], False, False)
        facts = {
            "source": "de",
            "target": "en",
            "joint": joint,
            "source_vocabulary": words.values(),
            "target_vocabulary": others.values(),
            "source_size": words.size,
            "target_size": others.size,
            "tokenised": False,
            "max_length": 12,
        }
        recipe = Translation.models[model](**{"dim": 32, "depth": 2, **fields})
        return Translator(
            Parts(attention_variants()[attention].example(), position_schemes()["rope"](), recipe), facts
        ).eval()

    return make


def batch() -> dict[str, Any]:
    source = torch.tensor([[4, 5, 6, 7, END], [8, 9, END, PAD, PAD]])
    target = torch.tensor([[BEGIN, 4, 5, 6, 7, END], [BEGIN, 8, 5, END, PAD, PAD]])
    return {"source": source, "target": target, "references": ["a dog runs.", "the dog"]}


def test_the_loss_is_the_cross_entropy_of_the_real_tokens(translator: Make) -> None:
    module, given = translator(), batch()
    loss, nats = module.loss(given)
    logits = module(given)
    assert logits.shape == (2, 5, 9)
    kept = given["target"][:, 1:] != PAD
    expected = F.cross_entropy(logits[kept], given["target"][:, 1:][kept])
    torch.testing.assert_close(loss, expected)
    assert (nats == 0).equal(~kept)
    module.train()
    smoothed = F.cross_entropy(logits[kept], given["target"][:, 1:][kept], label_smoothing=0.1)
    torch.testing.assert_close(module.loss(given)[0], smoothed)


@pytest.mark.parametrize("model", MODELS)
def test_padding_changes_nothing(translator: Make, model: str) -> None:
    module, given = translator(model=model), batch()
    short = {"source": given["source"][1:, :3], "target": given["target"][1:, :4]}
    torch.testing.assert_close(module(short)[0], module(given)[1, :3], atol=1e-5, rtol=1e-5)


def test_embeddings_are_tied(translator: Make) -> None:
    separate, joint = translator(), translator(joint=True)
    assert separate.source_embedding is not separate.target_embedding
    assert joint.source_embedding is joint.target_embedding
    names = [name for name, _ in joint.named_parameters()]
    assert sum("embedding" in name for name in names) == 1
    assert not any("head" in name for name in names)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("name", sorted(attention_variants()))
def test_cross_attention_of_each_variant(translator: Make, name: str, model: str) -> None:
    """A variant without a form for two sequences leaves cross attention to mha."""
    variant, recipe = attention_variants()[name].example(), Translation.models[model]()
    assert isinstance(recipe, TranslationModel)
    assert crossing(recipe, variant).name == (name if variant.capabilities.cross else "mha")
    assert crossing(recipe.replace(cross_attention="mha"), variant).name == "mha"
    if not recipe.needs.unmet(variant.capabilities):
        found = translator(name, dim=48, model=model).translate(batch()["source"], 2, 0.6)
        assert found.tokens.shape[0] == 2


@pytest.mark.parametrize("fields", [{"depth": 1, "decoder_depth": 2}, {"model": "attention_rnn"}])
def test_a_translation_is_the_likeliest_by_the_whole_model(translator: Make, fields: dict[str, Any]) -> None:
    module = translator(**fields)
    for parameter in module.network.parameters():
        if parameter.dim() > 1:
            torch.nn.init.normal_(parameter, std=0.4)
    source = batch()["source"]
    greedy, wide = module.translate(source, 1, 0.0), module.translate(source, 20, 0.0)
    assert bool((wide.score >= greedy.score - 1e-5).all())
    for row in range(2):
        tokens = wide.tokens[row : row + 1]
        length = int((tokens[0] == END).int().argmax()) + 1 if END in tokens[0] else tokens.shape[1]
        target = torch.cat([torch.tensor([[BEGIN]]), tokens[:, :length]], 1)
        alone = {"source": source[row : row + 1], "target": target}
        shares = module(alone).log_softmax(-1)[0].gather(1, target[0, 1:, None])
        torch.testing.assert_close(shares.sum(), wide.log_probability[row], atol=1e-4, rtol=1e-4)


def test_the_test_part_is_searched_with_beams_and_validation_greedily(
    translator: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = translator(beams=3)
    widths: list[int] = []
    translate = module.translate

    def listening(source: torch.Tensor, beams: int, length_penalty: float) -> Any:
        widths.append(beams)
        return translate(source, beams, length_penalty)

    monkeypatch.setattr(module, "translate", listening)
    for final in (False, True):
        module.final = final
        metrics = module.metrics()
        with torch.no_grad():
            _, nats = module.loss(batch())
        module.update_metrics(metrics, batch(), nats)
        assert set(metrics) == {"perplexity", "bleu", "sacrebleu", "chrf", "exact_match"}
        assert float(metrics["perplexity"].compute()) == pytest.approx(math.exp(float(nats.sum()) / 8), rel=1e-4)
    assert widths == [1, 3]


@pytest.mark.parametrize(
    ("model", "fields"),
    [("transformer", {}), ("attention_rnn", {}), ("attention_rnn", {"decoder": "bahdanau", "cell": "gru"})],
)
def test_it_learns_to_translate(translator: Make, model: str, fields: dict[str, Any]) -> None:
    module, given = translator(model=model, **fields).train(), batch()
    optimiser = torch.optim.AdamW(module.parameters(), lr=5e-3)
    for _ in range(60):
        loss, _ = module.loss(given)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    records = list(module.predict([("x", "ein Hund rennt."), ("y", "die Katze")], Translate()))
    assert [record["translation"] for record in records] == ["a dog runs.", "the dog"]
    assert list(records[0]) == ["input", "source", "translation", "log_probability", "alignment"]
    assert [pair[0] for pair in records[0]["alignment"]["pairs"]] == ["a", "dog", "runs", "."]
    assert len(records[0]["alignment"]["weights"][0]) == 4
    assert records[0]["log_probability"] < 0
