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
from attnframe_nlp.recipes.python_docs import PythonDocs

from attnframe.models import generate
from attnframe.plugin.contract import Parts
from attnframe.plugin.pairs import pair_faults
from attnframe.recipes.registry import attention_variants, position_schemes

Make = Callable[..., LanguageModel]
MODELS = tuple(LanguageModeling.models)
VARIANTS = [name for name, recipe in attention_variants().items() if recipe.capabilities.causal]
CACHES = ("mha", "gqa", "window", "linear", "none")
"""Variants of each kind of cache; they are tried with every position."""


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
@pytest.mark.parametrize("name", MODELS)
def test_a_tied_head_is_the_embedding(language_model: Make, name: str, tied: bool) -> None:
    model = language_model(model=name, tied=tied)
    assert (model.head.weight is model.embedding.weight) is tied


@pytest.mark.parametrize("name", MODELS)
def test_what_is_ahead_is_not_seen(language_model: Make, name: str) -> None:
    for variant in VARIANTS:
        model, given = language_model(variant, model=name), batch()
        changed = {**given, "tokens": given["tokens"].clone()}
        changed["tokens"][:, 9:] = 0
        torch.testing.assert_close(model(changed)[:, :9], model(given)[:, :9])


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_learns(language_model: Make, variant: str, name: str) -> None:
    model, given = language_model(variant, model=name).train(), batch()
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
    (name, variant, position)
    for name, model in LanguageModeling.models.items()
    for variant in VARIANTS
    for position, scheme in sorted(position_schemes().items())
    if position == "rope" or (name == "transformer" and variant in CACHES)
    for parts in [Parts(attention_variants()[variant].example(), scheme(), model())]
    if not any(pair_faults(LanguageModeling(), parts, PythonDocs()))
]


@pytest.mark.parametrize(("name", "variant", "position"), PAIRS)
def test_generation_is_the_same_with_and_without_the_cache(
    language_model: Make, name: str, variant: str, position: str
) -> None:
    # 20 tokens through a context of 8: the window is dropped and read afresh on the way.
    model = language_model(variant, position, context=8, model=name)
    prompt = torch.tensor([[2, 5, 1]])

    def written(use_cache: bool) -> list[int]:
        generator = torch.Generator().manual_seed(7)
        return generate(model, prompt, 20, generator=generator, context=8, use_cache=use_cache)[0].tolist()

    assert written(True) == written(False)
    assert len(set(written(True))) > 3


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_a_recurrent_model_gives_the_same_logits_token_by_token(language_model: Make, variant: str, cell: str) -> None:
    # Norms behind the mixer enlarge the rounding of float32, so it is compared in float64.
    model, tokens = language_model(variant, model="attention_rnn", cell=cell).double(), batch()["tokens"]
    caches = model.new_caches(len(tokens), tokens.shape[1])
    with torch.inference_mode():
        stepped = [model.next_logits(token, caches) for token in tokens.split(1, dim=1)]
        torch.testing.assert_close(torch.stack(stepped, 1), model({"tokens": tokens}), atol=1e-8, rtol=1e-8)


def test_a_recurrent_model_without_attention_stays_recurrent(language_model: Make) -> None:
    """The control has the same recurrence, and its states still tell in which order tokens came."""
    of = {name: language_model(name, "none", model="attention_rnn") for name in ("mha", "none")}
    shapes = {name: {key: value.shape for key, value in model.state_dict().items()} for name, model in of.items()}
    differing = {k for k in {*shapes["mha"], *shapes["none"]} if shapes["mha"].get(k) != shapes["none"].get(k)}
    assert differing
    assert all(".attention." in key for key in differing)
    given = batch()
    swapped = {"tokens": given["tokens"][:, [1, 0, *range(2, 16)]]}
    assert not torch.allclose(of["none"](given)[:, -1], of["none"](swapped)[:, -1], atol=1e-3)


@pytest.mark.parametrize("name", MODELS)
def test_the_example_batch_fits_and_builds_on_meta(language_model: Make, name: str) -> None:
    facts = language_model(model=name).facts
    recipe = LanguageModeling.models[name](dim=32)
    parts = Parts(attention_variants()["mha"](), position_schemes()["rope"](), recipe)
    with torch.device("meta"):
        model = LanguageModel(parts, facts)
        given = model.example_batch(2, "meta")
        loss, _ = model.loss(given)
    assert loss.shape == ()
    assert given["tokens"].shape == (2, 16)


def test_the_example_input_is_in_the_vocabulary(language_model: Make, tmp_path: Path) -> None:
    assert language_model().example_input(tmp_path) == " "
