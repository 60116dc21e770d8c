"""Beam search: against an exhaustive search, with and without the cache, and beside greedy generation."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import Tensor, nn

from attnframe.errors import ConfigurationError
from attnframe.masks import Padding
from attnframe.models import Caches, Conditional, Decoder, Encoder, beam_search, generate
from attnframe.positions import Rotary
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.mha import MultiHeadAttention

VOCABULARY, DIM, STOP = 5, 16, 1
MHA = MultiHeadAttention(num_heads=4)


class Table:
    """A model that looks at the last two tokens only: logits by a random table."""

    def __init__(self, seed: int = 0, vocabulary: int = VOCABULARY) -> None:
        table = torch.randn(vocabulary, vocabulary, vocabulary, generator=torch.Generator().manual_seed(seed))
        self.table = 2 * table
        self.rows: list[int] = []

    def next_logits(self, tokens: Tensor, caches: Caches | None = None) -> Tensor:
        self.rows.append(len(tokens))
        return self.table[tokens[:, -2], tokens[:, -1]]

    def new_caches(self, batch: int, max_length: int | None = None) -> Caches:
        raise AssertionError("asked for a cache")

    def log_probability(self, prompt: list[int], written: tuple[int, ...]) -> float:
        tokens = [*prompt, *written]
        shares = self.table.log_softmax(-1)
        return sum(float(shares[tokens[i - 2], tokens[i - 1], tokens[i]]) for i in range(2, len(tokens)))


def exhaustive(model: Table, prompt: list[int], limit: int, alpha: float) -> tuple[float, tuple[int, ...]]:
    """The best score of all continuations that stop, or reach the limit."""
    found = []
    for length in range(1, limit + 1):
        for written in itertools.product(range(VOCABULARY), repeat=length):
            if STOP in written[:-1] or (written[-1] != STOP and length < limit):
                continue
            score = model.log_probability(prompt, written) / ((5 + length) / 6) ** alpha
            found.append((score, written))
    return max(found)


@pytest.mark.parametrize("alpha", [0.0, 0.6, 2.0])
@pytest.mark.parametrize("seed", range(4))
def test_enough_beams_find_what_an_exhaustive_search_finds(seed: int, alpha: float) -> None:
    model, limit = Table(seed), 4
    prompts = [[0, 2], [3, 4], [2, 2]]
    found = beam_search(
        model, torch.tensor(prompts), limit, stop=STOP, beams=VOCABULARY**3, length_penalty=alpha, use_cache=False
    )
    for row, prompt in enumerate(prompts):
        score, written = exhaustive(model, prompt, limit, alpha)
        got = found.tokens[row].tolist()
        assert tuple(got[: len(written)]) == written
        assert set(got[len(written) :]) <= {STOP}
        assert float(found.score[row]) == pytest.approx(score, abs=1e-5)
        assert float(found.log_probability[row]) == pytest.approx(model.log_probability(prompt, written), abs=1e-5)


def test_more_beams_find_nothing_worse_on_the_whole() -> None:
    prompts = torch.tensor([[i, j] for i in range(VOCABULARY) for j in range(VOCABULARY) if j != STOP])
    scores = [
        beam_search(Table(5), prompts, 8, stop=STOP, beams=beams, use_cache=False).score.mean()
        for beams in (1, 2, 4, 16)
    ]
    assert scores == sorted(scores)
    assert scores[0] < scores[-1]


def test_a_longer_penalty_writes_longer() -> None:
    prompts = torch.tensor([[i, j] for i in range(VOCABULARY) for j in range(VOCABULARY) if j != STOP])
    lengths = [
        (
            beam_search(Table(1), prompts, 12, stop=STOP, beams=4, length_penalty=alpha, use_cache=False).tokens != STOP
        ).sum()
        for alpha in (0.0, 1.0, 3.0)
    ]
    assert lengths[0] < lengths[1] < lengths[2]


class Translator(nn.Module):
    """A small model of a context, with weights large enough for varied text."""

    def __init__(self, variant: AttentionVariant, vocabulary: int = 23) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.embedding = nn.Embedding(vocabulary, DIM)
        rotary = Rotary(variant.rotary_width(DIM)) if variant.capabilities.rotary else None
        self.encoder = Encoder(DIM, 1, variant)
        self.decoder = Decoder(DIM, 2, variant, rotary, context_dim=DIM)
        self.head = nn.Linear(DIM, vocabulary)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.5)
        nn.init.constant_(self.head.bias[:1], -2.0)  # So that not all stop at once.
        self.eval()

    def read(self, source: Tensor, valid: Tensor | None = None) -> Conditional:
        with torch.no_grad():
            mask = None if valid is None else Padding(valid)
            context = self.encoder(self.embedding(source), mask=mask)
        return Conditional(self.decoder, self.embedding, self.head, context, valid)


SOURCE = torch.tensor([[3, 1, 4, 9, 2], [5, 9, 2, 6, 3], [8, 9, 7, 9, 3]])
VALID = torch.arange(5) < torch.tensor([[5], [3], [4]])
START = torch.full((3, 1), 2)


@pytest.mark.parametrize("beams", [1, 4])
def test_tokens_are_the_same_with_and_without_the_cache(cross_variant: AttentionVariant, beams: int) -> None:
    model = Translator(cross_variant).read(SOURCE, VALID)
    cached, full = (
        beam_search(model, START, 12, stop=0, beams=beams, use_cache=use_cache) for use_cache in (True, False)
    )
    assert torch.equal(cached.tokens, full.tokens)
    torch.testing.assert_close(cached.score, full.score, atol=1e-4, rtol=1e-4)
    assert len(cached.tokens.unique()) > 2, "the text must vary, or the test shows nothing"


def test_a_sentence_does_not_depend_on_those_beside_it() -> None:
    model = Translator(MHA)
    together = beam_search(model.read(SOURCE, VALID), START, 12, stop=0, beams=3)
    for row, (source, valid) in enumerate(zip(SOURCE, VALID, strict=True)):
        alone = beam_search(model.read(source[None, : int(valid.sum())]), START[:1], 12, stop=0, beams=3)
        length = alone.tokens.shape[1]
        assert torch.equal(alone.tokens[0], together.tokens[row, :length])
        assert set(together.tokens[row, length:].tolist()) <= {0}


def test_one_beam_is_greedy() -> None:
    model = Translator(MHA).read(SOURCE)
    found = beam_search(model, START, 10, stop=0, beams=1)
    greedy = generate(model, START, 10, temperature=0, stop=0)[:, 1:]
    assert torch.equal(found.tokens, greedy)


def test_prompts_that_are_done_leave_the_batch() -> None:
    model = Translator(MHA)
    rows: list[int] = []
    model.head.register_forward_hook(lambda module, inputs, out: rows.append(len(out)))
    beam_search(model.read(SOURCE), START, 40, stop=0, beams=2, length_penalty=0.0)
    assert rows[0] == 6
    assert rows == sorted(rows, reverse=True)
    assert rows[-1] < 6


def test_the_result_may_be_used_in_training() -> None:
    model = Translator(MHA)
    found = beam_search(model.read(SOURCE), START, 5, stop=0)
    model.decoder(model.embedding(found.tokens), torch.randn(3, 5, DIM)).sum().backward()
    assert model.embedding.weight.grad is not None


def test_every_argument_out_of_range_is_named_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        beam_search(Table(), torch.zeros(2), 0, stop=0, beams=0, length_penalty=-1.0)
    text = str(caught.value)
    for part in (
        "prompt (beam_search) must be integer token ids (N, T), T at least 1. Got torch.float32 of shape (2,)",
        "max_new_tokens (beam_search) must be at least 1. Got 0",
        "beams (beam_search) must be at least 1. Got 0",
        "length_penalty (beam_search) must be at least 0 and finite. Got -1.0",
    ):
        assert part in text
