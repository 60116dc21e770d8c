"""The module: loss, metrics, every variant, cached generation."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from attnframe_nlp.data.windows import IGNORED
from attnframe_nlp.language_model import LanguageModel
from attnframe_nlp.language_modeling import LanguageModeling
from attnframe_nlp.recipes.model import LanguageModelRecipe

from attnframe.models import generate
from attnframe.plugin.contract import Parts
from attnframe.plugin.pairs import pair_faults
from attnframe.recipes.registry import attention_variants, position_schemes

Make = Callable[..., LanguageModel]
VARIANTS = ("mha", "mqa", "gqa", "window", "linear", "none")


def batch() -> dict[str, torch.Tensor]:
    tokens = torch.randint(10, (3, 17), generator=torch.Generator().manual_seed(1))
    targets = tokens[:, 1:].clone()
    targets[2, 5:] = IGNORED
    return {"tokens": tokens[:, :-1], "targets": targets}


def test_loss_is_the_mean_over_the_tokens_that_count(language_model: Make) -> None:
    model, given = language_model(), batch()
    loss, nats = model.loss(given)
    logits = model(given)
    by_hand = [
        -F.log_softmax(logits[row, place], dim=0)[given["targets"][row, place]].item()
        for row in range(3)
        for place in range(16)
        if given["targets"][row, place] != IGNORED
    ]
    assert len(by_hand) == 2 * 16 + 5
    assert loss.item() == pytest.approx(sum(by_hand) / len(by_hand), rel=1e-5)
    assert nats.shape == (3, 16)
    assert nats[2, 5:].eq(0).all()


def test_metrics_of_two_batches_by_hand(language_model: Make) -> None:
    model, given = language_model(), batch()
    metrics = model.metrics()
    total = count = 0.0
    for rows in (slice(0, 2), slice(2, 3)):
        part = {name: value[rows] for name, value in given.items()}
        loss, nats = model.loss(part)
        model.update_metrics(metrics, part, nats)
        tokens = int((part["targets"] != IGNORED).sum())
        total += loss.item() * tokens
        count += tokens
    assert metrics["nats_per_character"].compute().item() == pytest.approx(total / count, rel=1e-5)
    assert metrics["perplexity"].compute().item() == pytest.approx(math.exp(total / count), rel=1e-4)


def test_an_untrained_model_guesses_uniformly(language_model: Make) -> None:
    model = language_model(tied=False)
    torch.nn.init.zeros_(model.head.weight)
    assert model.loss(batch())[0].item() == pytest.approx(math.log(10), rel=1e-5)


@pytest.mark.parametrize("tied", [True, False])
def test_a_tied_head_is_the_embedding(language_model: Make, tied: bool) -> None:
    model = language_model(tied=tied)
    assert (model.head.weight is model.embedding.weight) is tied


def test_what_is_ahead_is_not_seen(language_model: Make) -> None:
    for variant in VARIANTS:
        model, given = language_model(variant), batch()
        changed = {**given, "tokens": given["tokens"].clone()}
        changed["tokens"][:, 9:] = 0
        torch.testing.assert_close(model(changed)[:, :9], model(given)[:, :9])


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_learns(language_model: Make, variant: str) -> None:
    model, given = language_model(variant).train(), batch()
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    losses = []
    for _ in range(12):
        loss, _ = model.loss(given)
        loss.backward()
        assert all(parameter.grad is not None for parameter in model.parameters())
        optimiser.step()
        optimiser.zero_grad()
        losses.append(loss.item())
    assert losses[-1] < 0.8 * losses[0]


PAIRS = [
    (variant, position)
    for variant in VARIANTS
    for position, scheme in sorted(position_schemes().items())
    if not any(
        pair_faults(LanguageModeling(), Parts(attention_variants()[variant].example(), scheme(), LanguageModelRecipe()))
    )
]


@pytest.mark.parametrize(("variant", "position"), PAIRS)
def test_generation_is_the_same_with_and_without_the_cache(language_model: Make, variant: str, position: str) -> None:
    # 20 tokens through a context of 8: the window is dropped and read afresh on the way.
    model = language_model(variant, position, context=8)
    prompt = torch.tensor([[2, 5, 1]])

    def written(use_cache: bool) -> list[int]:
        generator = torch.Generator().manual_seed(7)
        return generate(model, prompt, 20, generator=generator, context=8, use_cache=use_cache)[0].tolist()

    assert written(True) == written(False)
    assert len(set(written(True))) > 3


def test_the_example_batch_fits_and_builds_on_meta(language_model: Make) -> None:
    with torch.device("meta"):
        model = LanguageModel(*_parts_and_facts(language_model()))
        given = model.example_batch(2, "meta")
        loss, _ = model.loss(given)
    assert loss.shape == ()
    assert given["tokens"].shape == (2, 16)


def _parts_and_facts(model: LanguageModel) -> tuple[object, dict[str, object]]:

    return Parts(attention_variants()["mha"](), position_schemes()["rope"](), LanguageModelRecipe(dim=32)), model.facts


def test_the_example_input_is_in_the_vocabulary(language_model: Make, tmp_path: Path) -> None:
    assert language_model().example_input(tmp_path) == " "
