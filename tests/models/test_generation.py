"""Generation: the same tokens with and without the cache, and the supports of its samplers."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from attnframe.errors import ConfigurationError
from attnframe.models import Caches, Decoder, generate
from attnframe.models.generation import choose
from attnframe.positions import Alibi, Learned, Position, Rotary
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.mha import MultiHeadAttention

VOCABULARY, DIM, HEADS, CONTEXT = 23, 16, 4, 12
MHA = MultiHeadAttention(num_heads=HEADS)


class Model(nn.Module):
    """A small language model with weights large enough for varied text."""

    def __init__(self, variant: AttentionVariant = MHA, position: Position | None = None) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.embedding = nn.Embedding(VOCABULARY, DIM)
        self.decoder = Decoder(DIM, 2, variant, position)
        self.head = nn.Linear(DIM, VOCABULARY)
        self.longest = 0
        for parameter in self.decoder.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.5)

    def forward(self, tokens: Tensor, caches: Caches | None = None) -> Tensor:
        self.longest = max(self.longest, tokens.shape[1])
        logits: Tensor = self.head(self.decoder(self.embedding(tokens), caches=caches))
        return logits

    def next_logits(self, tokens: Tensor, caches: Caches | None = None) -> Tensor:
        return self(tokens, caches)[:, -1]

    def new_caches(self, batch: int, max_length: int | None = None) -> Caches:
        return self.decoder.new_caches(batch, max_length)


class Fixed:
    """The same logits at every step; never asked with a cache."""

    def __init__(self, logits: list[float]) -> None:
        self.logits = torch.tensor(logits)

    def next_logits(self, tokens: Tensor, caches: Caches | None = None) -> Tensor:
        return self.logits.expand(tokens.shape[0], -1)

    def new_caches(self, batch: int, max_length: int | None = None) -> Caches:
        raise AssertionError("asked for a cache")


PROMPT = torch.tensor([[3, 1, 4], [1, 5, 9]])


@pytest.mark.parametrize("use_cache", [True, False])
def test_greedy_follows_the_full_model_step_by_step(decoding_variant: AttentionVariant, use_cache: bool) -> None:
    rotary = decoding_variant.capabilities.rotary
    position = Rotary(decoding_variant.rotary_width(DIM)) if rotary else None
    model = Model(decoding_variant, position).eval()
    expected = PROMPT
    for _ in range(20):
        expected = torch.cat([expected, model(expected)[:, -1].argmax(-1, keepdim=True)], 1)
    out = generate(model, PROMPT, 20, temperature=0, use_cache=use_cache)
    assert torch.equal(out, expected)
    assert len(out.unique()) > 3, "the text must vary, or the test shows nothing"


@pytest.mark.parametrize("settings", [{}, {"top_k": 5}, {"top_p": 0.7}, {"top_k": 9, "top_p": 0.8, "temperature": 1.3}])
def test_samples_are_the_same_with_and_without_cache(settings: dict[str, float]) -> None:
    model = Model(position=Alibi(HEADS))
    with_cache, without = (
        generate(model, PROMPT, 30, generator=torch.Generator().manual_seed(7), use_cache=use_cache, **settings)
        for use_cache in (True, False)
    )
    assert torch.equal(with_cache, without)
    other = generate(model, PROMPT, 30, generator=torch.Generator().manual_seed(8), **settings)
    assert not torch.equal(with_cache, other)


def test_torch_seed_decides_without_a_generator() -> None:
    texts = []
    for _ in range(2):
        model = Model()
        torch.manual_seed(3)
        texts.append(generate(model, PROMPT, 10))
    assert torch.equal(*texts)


@pytest.mark.parametrize("length", [1, 3, CONTEXT - 1, CONTEXT, CONTEXT + 1, 3 * CONTEXT])
def test_beyond_the_context_both_ways_agree_and_nothing_longer_is_read(length: int) -> None:
    torch.manual_seed(0)
    model = Model(position=Learned(DIM, CONTEXT))
    prompt = torch.randint(VOCABULARY, (2, length))
    with_cache, without = (
        generate(model, prompt, 40, temperature=0, context=CONTEXT, use_cache=use_cache) for use_cache in (True, False)
    )
    assert torch.equal(with_cache, without)
    assert with_cache.shape == (2, length + 40)
    assert model.longest <= CONTEXT


def test_window_of_the_context_is_as_documented() -> None:
    read: list[list[int]] = []

    class Recorder(Fixed):
        def next_logits(self, tokens: Tensor, caches: Caches | None = None) -> Tensor:
            read.append(tokens[0].tolist())
            return super().next_logits(tokens)

    model = Recorder([0.0] * 9 + [1.0])
    generate(model, torch.tensor([[0, 1, 2]]), 6, temperature=0, context=4, use_cache=False)
    assert read == [[0, 1, 2], [0, 1, 2, 9], [9, 9], [9, 9, 9], [9, 9, 9, 9], [9, 9]]


def test_context_of_one() -> None:
    model = Model(position=Learned(DIM, 1))
    a, b = (generate(model, PROMPT, 5, temperature=0, context=1, use_cache=use_cache) for use_cache in (True, False))
    assert torch.equal(a, b)


def test_temperature_zero_is_greedy_and_low_temperature_nearly() -> None:
    model = Model()
    greedy = generate(model, PROMPT, 20, temperature=0)
    assert torch.equal(greedy, generate(model, PROMPT, 20, temperature=1e-4))
    assert torch.equal(greedy, generate(model, PROMPT, 20, top_k=1, temperature=5.0))
    assert torch.equal(greedy, generate(model, PROMPT, 20, top_p=1e-6, temperature=5.0))


def drawn(logits: list[float], **settings: float) -> set[int]:
    generator = torch.Generator().manual_seed(0)
    rows = torch.tensor(logits).expand(4000, -1)
    return set(choose(rows, generator=generator, **settings).tolist())


def test_supports() -> None:
    logits = torch.tensor([0.1, 0.4, 0.2, 0.3]).log().tolist()
    assert drawn(logits) == {0, 1, 2, 3}
    assert drawn(logits, top_k=2) == {1, 3}
    assert drawn(logits, top_k=99) == {0, 1, 2, 3}
    assert drawn(logits, top_p=0.65) == {1, 3}
    assert drawn(logits, top_p=0.75) == {1, 3, 2}
    assert drawn(logits, top_p=1.0) == {0, 1, 2, 3}
    # After top_k=2 the shares are 4/7 and 3/7.
    assert drawn(logits, top_k=2, top_p=0.5) == {1}


def test_frequencies_follow_the_temperature() -> None:
    logits = torch.tensor([0.1, 0.4, 0.2, 0.3]).log()
    generator = torch.Generator().manual_seed(0)
    for temperature in (0.5, 1.0, 2.0):
        tokens = choose(logits.expand(40_000, -1), temperature=temperature, generator=generator)
        shares = tokens.bincount(minlength=4) / 40_000
        torch.testing.assert_close(shares, (logits / temperature).softmax(-1), atol=0.01, rtol=0)


def test_stop_ends_each_sequence_and_fills_it() -> None:
    steps = iter([[0.0, 9.0, 0.0], [0.0, 0.0, 9.0], [9.0, 0.0, 0.0]])

    class Scripted(Fixed):
        def next_logits(self, tokens: Tensor, caches: Caches | None = None) -> Tensor:
            first = torch.tensor(next(steps))
            return torch.stack([first, first.flip(0)])

    # Row 0 would write 1, 2, 0 and row 1 would write 1, 0, 2: token 2 stops row 0 at step 2 and row 1 at step 3.
    out = generate(Scripted([]), torch.zeros(2, 1, dtype=torch.long), 10, temperature=0, stop=2, use_cache=False)
    assert out.tolist() == [[0, 1, 2, 2], [0, 1, 0, 2]]


def test_no_new_tokens_gives_the_prompt() -> None:
    assert torch.equal(generate(Fixed([0.0]), PROMPT, 0, use_cache=False), PROMPT)


def test_prompt_is_kept_and_not_shared() -> None:
    prompt = PROMPT.clone()
    out = generate(Model(), prompt, 5)
    assert torch.equal(out[:, :3], PROMPT)
    out[:] = 0
    assert torch.equal(prompt, PROMPT)


def test_mode_is_restored_and_dropout_off() -> None:
    model = Model(MultiHeadAttention(num_heads=HEADS, dropout=0.9))
    a, b = generate(model, PROMPT, 10, temperature=0), generate(model, PROMPT, 10, temperature=0)
    assert torch.equal(a, b)
    assert model.training
    model.eval()
    generate(model, PROMPT, 1)
    assert not model.training


def test_result_may_be_used_in_training() -> None:
    model = Model()
    tokens = generate(model, PROMPT, 3)
    model(tokens).sum().backward()
    assert model.embedding.weight.grad is not None


def test_every_argument_out_of_range_is_named_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        generate(Fixed([0.0]), torch.zeros(2), -1, temperature=-0.5, top_k=0, top_p=1.5, context=0)
    text = str(caught.value)
    for part in (
        "prompt (generate) must be integer token ids (B, T), T at least 1. Got torch.float32 of shape (2,)",
        "max_new_tokens (generate) must be at least 0. Got -1",
        "temperature (generate) must be at least 0 and finite. Got -0.5",
        "top_k (generate) must be at least 1. Got 0",
        "top_p (generate) must be above 0 and at most 1. Got 1.5",
        "context (generate) must be at least 1. Got 0",
    ):
        assert part in text
