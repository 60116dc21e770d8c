"""A run on a user's own text: train, evaluate and write on from the checkpoint alone."""

from pathlib import Path

import pytest

import attnframe
from attnframe.errors import DataError
from attnframe.evaluation.evaluate import evaluate
from attnframe.evaluation.predict import predict

SMALL = [
    "model.dim=32",
    "model.depth=1",
    "data.context=32",
    "data.batch_size=8",
    "trainer.max_steps=60",
    "trainer.progress=false",
    "optim.lr=0.01",
]


@pytest.mark.parametrize(
    ("model", "tokenizer"), [("transformer", "character"), ("transformer", "bpe"), ("attention_rnn", "character")]
)
def test_train_evaluate_predict(
    text_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str, tokenizer: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    overrides = ["plugin=nlp", f"model={model}", "attention=gqa", "data=text_file", f"data.path={text_path}"]
    overrides += [f"data.tokenizer={tokenizer}", "data.vocabulary_size=280"]
    result = attnframe.train([*overrides, *SMALL], tmp_path / "run")
    assert result["status"] == "ok"
    metrics = result["metrics"]
    assert set(metrics) == {"test/loss", "test/perplexity", "test/nats_per_character"}
    assert metrics["test/nats_per_character"] < 2
    assert result["floor"]["name"] == "5-gram, Witten-Bell"
    checkpoint = tmp_path / "run" / "checkpoints" / "best.ckpt"
    assert evaluate(checkpoint)["metrics"] == metrics
    options = {"max_new_tokens": 20, "temperature": 0.5}
    (record,) = predict(checkpoint, "7 green ", options=options)
    assert record["input"] == "7 green "
    assert len(record["continuation"]) >= 20
    assert predict(checkpoint, "7 green ", options=options) == [record]


def test_a_text_shorter_than_the_context_leaves_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "note.txt"
    path.write_text("A note of a few words only, no more.\n")
    with pytest.raises(DataError, match=r"The train part of the text must have at least 33 tokens\. Got 29\."):
        attnframe.train(["plugin=nlp", "data=text_file", f"data.path={path}", *SMALL], tmp_path / "run")
    assert not (tmp_path / "run").exists()
