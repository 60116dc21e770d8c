"""Explanations from a checkpoint alone."""

import json
from pathlib import Path

import pytest

import attnframe
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.explanation.explain import explain

SMALL = ["model.dim=16", "model.depth=1", "attention.num_heads=2", "trainer.max_steps=1", "floor=false"]
OPTIONS = {"orders": 2, "steps": 2, "heads": 1}


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explained") / "run"
    result = attnframe.train(["plugin=nlp", "task=sequence_tagging", *SMALL, "trainer.limit_batches=1"], folder)
    return Path(result["checkpoint"])


def test_the_folder_is_beside_the_run_and_a_second_time_is_fine(checkpoint: Path) -> None:
    found, folder = explain(checkpoint, "play blue monday", options=OPTIONS)
    assert folder.parent == checkpoint.parents[1] / "explanations"
    assert [one.subject.name for one in found] == ["play blue monday"]
    assert found[0].subject.units == ["play", "blue", "monday"]
    _, again = explain(checkpoint, "play blue monday", options=OPTIONS)
    assert again == folder
    told = json.loads((folder / "explanation.json").read_text(encoding="utf-8"))
    assert told["checkpoint"] == str(checkpoint)


def test_inputs_are_the_first_ones_or_one_by_name(checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / "lines.txt").write_text("play\ncall me\nset an alarm\n")
    source = str(tmp_path / "lines.txt")
    model = attnframe.load(checkpoint)
    assert [one.subject.name for one in model.explain(source, inputs=2, **OPTIONS)] == ["lines.txt:1", "lines.txt:2"]
    (one,) = model.explain(source, named="lines.txt:3", **OPTIONS)
    assert one.subject.units == ["set", "an", "alarm"]
    with pytest.raises(ConfigurationError, match=r"explain.named must be the name of an input. .* lines.txt:1"):
        model.explain(source, named="lines.txt:9", **OPTIONS)
    assert [one.subject.units for one in model.explain([["call", "me"]], **OPTIONS)] == [["call", "me"]]


def test_nothing_is_written_over_what_is_another_s(checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(ConfigurationError, match="must not hold anything else"):
        explain(checkpoint, "play", tmp_path, OPTIONS)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_model_without_attention_is_refused_with_others(tmp_path: Path) -> None:
    words = ["plugin=vision", "model=attention_cnn", "model.non_local=false", "attention=none", "position=none"]
    words += ["model.dim=16", "model.depth=1", *SMALL[3:], "trainer.limit_batches=1"]
    model = attnframe.load(attnframe.train(words, tmp_path / "run")["checkpoint"])
    with pytest.raises(UnsupportedError, match=r"model=attention_cnn has no attention layer .* transformer"):
        model.explain(model.module.example_input(tmp_path))


def test_a_variant_without_weights_is_refused_with_one_that_has_some(tmp_path: Path) -> None:
    file = tmp_path / "means.py"
    file.write_text(
        '''
from typing import ClassVar

from attnframe import Attention
from attnframe.attention.mixer import Mixer, share_heads
from attnframe.recipe import frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities


class MeansMixer(Mixer):
    takes_bias = False

    def forward(self, query, key, value, call):
        return share_heads(query, value).mean(2, keepdim=True).expand(-1, -1, query.shape[2], -1)


@frozen
class Means(AttentionVariant):
    """Means of all values. No paper.

    Args:
        num_heads: query heads H; must divide the model width.
    """

    name: ClassVar[str] = "means"
    summary: ClassVar[str] = "means without weights"
    capabilities: ClassVar[Capabilities] = Capabilities(weights="none", exact=False, bias=False, causal=False)

    def build(self, dim, *, causal=False, position=None, context_dim=None):
        mixer = MeansMixer()
        return Attention(dim, self.num_heads, context_dim=context_dim, causal=causal, position=position, mixer=mixer)
'''
    )
    words = ["plugin=vision", f"attention={file}", *SMALL, "trainer.limit_batches=1"]
    model = attnframe.load(attnframe.train(words, tmp_path / "run")["checkpoint"])
    with pytest.raises(UnsupportedError, match=r"\(MeansMixer\): explain has no weights to show. Try attention=mha"):
        model.explain(model.module.example_input(tmp_path))
