"""The declaration of translation, every dataset through composition, and a whole run on a user's own sentences."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from attnframe_nlp.recipes.multi30k import Multi30k
from attnframe_nlp.recipes.parallel_text import ParallelText
from attnframe_nlp.sentence_pairs.number_words import in_words

import attnframe
from attnframe.config.check import check
from attnframe.errors import ConfigurationError
from attnframe.evaluation.evaluate import evaluate
from attnframe.evaluation.predict import predict

OWN = "data=parallel_text data.path=DIR data.source=de data.target=en"


@pytest.mark.parametrize(
    "data", ["data=number_words data.target=fr", "data=multi30k", OWN, f"{OWN} data.tokenizer=word"]
)
def test_every_dataset_composes_and_passes_the_dry_run(data: str) -> None:
    (plan,) = check(["task=translation", *data.split()], dry_run=True).plans
    assert plan.plugin.name == "nlp"


@pytest.mark.parametrize("name", ["window", "linear", "none"])
def test_variants_with_and_without_a_form_for_two_sequences_run(name: str) -> None:
    (plan,) = check(["task=translation", f"attention={name}"], dry_run=True).plans
    assert plan.parts.attention.name == name


@pytest.mark.parametrize(("name", "reason"), [("nystrom", "causal"), ("retention", "non-causal")])
def test_variants_that_cannot_read_or_write_are_refused_with_what_works(name: str, reason: str) -> None:
    told = rf"attention={name} cannot serve task=translation, which needs {reason} attention.*Works: attention="
    with pytest.raises(ConfigurationError, match=told):
        check(["task=translation", f"attention={name}"])


def test_languages_that_are_not_given_are_looked_for_in_the_folder(parallel_folder: Callable[..., Path]) -> None:
    folder = parallel_folder(train_de=["eins"], train_en=["one"])
    with pytest.raises(ConfigurationError) as caught:
        ParallelText(path=str(folder))
    assert [fault.works for fault in caught.value.faults] == ["The folder holds train in de, en."] * 2
    with pytest.raises(ConfigurationError, match=r"data\.path \(ParallelText\) must be a folder that exists"):
        ParallelText(path=str(folder / "missing"))


def test_recipes_that_are_wrong() -> None:
    with pytest.raises(ConfigurationError) as caught:
        ParallelText(source="de", target="de")
    text = str(caught.value)
    assert "data.target (ParallelText) must differ from data.source=de. Got 'de'." in text
    assert "data.path (ParallelText) must be given. Got None. Try data.path=DIR." in text
    with pytest.raises(ConfigurationError, match=r"data\.source \(ParallelText\) must be given"):
        ParallelText(path="DIR", target="de")
    with pytest.raises(ConfigurationError, match=r"data\.target \(Multi30k\) must be de or en\. Got 'fr'\."):
        Multi30k(target="fr")


def test_train_evaluate_predict(
    parallel_folder: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    numbers = range(0, 900, 3)
    folder = parallel_folder(
        train_en=[in_words(number, "en") for number in numbers], train_de=[in_words(number, "de") for number in numbers]
    )
    overrides = ["task=translation", "data=parallel_text", f"data.path={folder}", "data.source=en", "data.target=de"]
    small = [
        "model.dim=32",
        "model.depth=1",
        "data.vocabulary_size=300",
        "trainer.max_steps=80",
        "trainer.progress=false",
    ]
    result = attnframe.train([*overrides, *small, "attention=gqa", "optim.lr=0.01"], tmp_path / "run")
    assert result["status"] == "ok"
    metrics = result["metrics"]
    assert set(metrics) == {
        f"test/{name}" for name in ("loss", "perplexity", "bleu", "sacrebleu", "chrf", "exact_match")
    }
    assert metrics["test/chrf"] > 0.2
    assert result["floor"]["test/chrf"] > 0
    assert result["protocol"]["direction"] == "en->de"
    checkpoint = tmp_path / "run" / "checkpoints" / "best.ckpt"
    assert evaluate(checkpoint)["metrics"] == metrics
    source = tmp_path / "in.txt"
    source.write_text("forty-two\nseven hundred and five\n", encoding="utf-8")
    records = predict(checkpoint, str(source), tmp_path / "out.jsonl")
    assert [record["input"] for record in records] == [f"{source}:1", f"{source}:2"]
    assert records[0]["source"] == "forty-two"
    pictures = sorted(path.name for path in (tmp_path / "out_pictures").iterdir())
    assert pictures == ["alignments.html"]
