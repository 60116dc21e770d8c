"""Logits of series: padding changes nothing, and prediction on a file of one's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from attnframe_timeseries.data.series_module import SeriesModule
from attnframe_timeseries.series_classifier import SeriesClassifier

from attnframe.errors import DataError
from attnframe.plugin.contract import PredictRecipe
from attnframe.recipes.registry import attention_variants

FACTS = {"classes": ["a", "b", "c"], "mean": [0.0, 0.0], "std": [1.0, 1.0], "length": 12}
VARIANTS = [name for name, variant in attention_variants().items() if variant.capabilities.noncausal]


@pytest.mark.parametrize("pool", ["mean", "attention"])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("kernels", [(3,), (8, 5, 3)])
def test_padding_changes_nothing(
    pool: str, stride: int, kernels: tuple[int, ...], classifier: Callable[..., SeriesClassifier]
) -> None:
    module = classifier(FACTS, position="none", pool=pool, stride=stride, kernels=kernels).eval()
    series = torch.randn(2, 8, 2)
    valid = torch.ones(2, 8, dtype=torch.bool)
    plain = module({"series": series, "valid": valid})
    longer = torch.cat([series, torch.zeros(2, 4, 2)], 1)
    padded = torch.cat([valid, torch.zeros(2, 4, dtype=torch.bool)], 1)
    torch.testing.assert_close(module({"series": longer, "valid": padded}), plain, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("attention", VARIANTS)
def test_every_variant_that_serves_reads_series_of_unequal_lengths(
    attention: str, classifier: Callable[..., SeriesClassifier]
) -> None:
    module = classifier(FACTS, attention)
    valid = torch.arange(12) < torch.tensor([[12], [5], [1]])
    series = torch.randn(3, 12, 2) * valid.unsqueeze(-1)
    loss, logits = module.loss({"series": series, "valid": valid, "labels": torch.tensor([0, 1, 2])})
    loss.backward()
    assert logits.shape == (3, 3)
    assert bool(logits.isfinite().all())


def test_every_step_counts(classifier: Callable[..., SeriesClassifier]) -> None:
    module = classifier(FACTS).eval()
    series = torch.randn(1, 12, 2, requires_grad=True)
    logits = module({"series": series, "valid": torch.ones(1, 12, dtype=torch.bool)})
    (slope,) = torch.autograd.grad(logits[0, 0], series)
    assert bool((slope != 0).all())


def test_prediction_gives_labels_with_probabilities(
    series_module: Callable[..., SeriesModule],
    classifier: Callable[..., SeriesClassifier],
    ts_folder: Callable[..., Path],
    tmp_path: Path,
) -> None:
    module = classifier(series_module().facts)
    source = str(ts_folder() / "hands_TEST.ts")
    records = list(module.predict(module.read_inputs(source, PredictRecipe()), PredictRecipe()))
    assert [record["input"] for record in records] == [f"{source} case 1", f"{source} case 2"]
    for record in records:
        assert record["label"] in ("left", "right")
        assert sum(record["probabilities"].values()) == pytest.approx(1, abs=1e-5)
    (picture,) = module.save_pictures(records, tmp_path / "pictures")
    assert picture.name == "series.html"
    page = picture.read_text(encoding="utf-8")
    assert page.count("<figure") == 2
    assert all(f"case {number}: {record['label']}" in page for number, record in enumerate(records, start=1))


def test_inputs_that_do_not_fit_are_told(classifier: Callable[..., SeriesClassifier], tmp_path: Path) -> None:
    module = classifier(FACTS)
    path = tmp_path / "mine.ts"
    path.write_text("@data\n" + ",".join(["1"] * 13) + "\n")
    with pytest.raises(DataError) as caught:
        module.read_inputs(str(path), PredictRecipe())
    assert [str(fault) for fault in caught.value.faults] == [
        f"{path} must have 2 channels, as the training data have. Got 1.",
        f"{path} must have at most 12 steps, as the training data have. Got 13 steps. "
        "Shorten them, or train with series as long.",
    ]
    with pytest.raises(DataError, match=r"input must be a \.ts file that exists"):
        module.read_inputs(str(tmp_path / "none.ts"), PredictRecipe())
