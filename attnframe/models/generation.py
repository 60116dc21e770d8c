"""Writing tokens one by one: greedy or sampled, with or without a cache."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import torch
from torch import Tensor, nn

from attnframe.errors import ConfigurationError, Fault
from attnframe.models.caches import Caches


class LanguageModel(Protocol):
    """All that `generate` knows of a model. A context of cross attention is the model's own affair."""

    def next_logits(self, tokens: Tensor, caches: Caches | None = None) -> Tensor:
        """Logits (B, V) of the token after `tokens` (B, T), which follow those that `caches` hold and are taken in."""

    def new_caches(self, batch: int, max_length: int | None = None) -> Caches:
        """Empty caches for `batch` sequences of at most `max_length` tokens."""


def generate(
    model: LanguageModel,
    prompt: Tensor,
    max_new_tokens: int,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    generator: torch.Generator | None = None,
    stop: int | None = None,
    context: int | None = None,
    use_cache: bool = True,
) -> Tensor:
    """Continue a prompt.

    Runs in inference mode, and in evaluation mode if the model is a `torch.nn.Module`. With and without the cache the
    tokens are the same.

    A sequence longer than `context` is read through a window that starts at its first token. When the window is full,
    its older half is dropped and the newer half read afresh, as a text that starts there: one longer step in every
    ``context / 2``, whatever the position scheme. Of a prompt longer than `context` the last `context` tokens are read.

    Args:
        model: what predicts the next token.
        prompt: (B, T) token ids, T at least 1.
        max_new_tokens: most tokens to write, at least 0.
        temperature: what logits are divided by, at least 0; 0 takes the most likely token.
        top_k: sample from the k most likely tokens only; None for all.
        top_p: sample from the fewest tokens that together have at least this probability, in (0, 1] (Holtzman et al.
            2020, https://arxiv.org/abs/1904.09751); applied after `top_k`; None for all.
        generator: source of randomness; None for torch's own.
        stop: token after which a sequence ends; a sequence that ended is filled with it until all have. None for none.
        context: most tokens the model can read; None when there is no limit.
        use_cache: keep keys and values of the past instead of reading everything again at each step.

    Returns:
        (B, T + n) prompt and new tokens, n at most `max_new_tokens`.

    Raises:
        ConfigurationError: naming every argument out of range.
    """
    _check(prompt, max_new_tokens, temperature, top_k, top_p, context)
    batch, length = prompt.shape
    total = length + max_new_tokens
    tokens = prompt.new_empty(batch, total)
    tokens[:, :length] = prompt
    start = 0 if context is None else max(0, length - context)
    with torch.inference_mode(), evaluating(model):
        caches = model.new_caches(batch, total if context is None else min(total, context)) if use_cache else None
        ended = torch.zeros(batch, dtype=torch.bool, device=prompt.device)
        read = start  # The first token that the caches do not hold.
        for end in range(length, total):
            if context is not None and end - start > context:
                start = read = end - max(1, context // 2)
                if caches is not None:
                    caches.crop(0)
            logits = model.next_logits(tokens[:, read:end], caches)
            if caches is not None:
                read = end
            token = choose(logits, temperature=temperature, top_k=top_k, top_p=top_p, generator=generator)
            if stop is not None:
                token = token.masked_fill(ended, stop)
                ended |= token == stop
            tokens[:, end] = token
            if stop is not None and bool(ended.all()):
                total = end + 1
                break
    return tokens[:, :total].clone()


def choose(
    logits: Tensor,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Pick one token a row.

    Args:
        logits: (B, V). The other arguments are those of `generate`.

    Returns:
        (B,) token ids.
    """
    if temperature == 0:
        return logits.argmax(dim=-1)
    logits = logits.float() / temperature
    if top_k is None and top_p is None:
        return torch.multinomial(logits.softmax(dim=-1), 1, generator=generator).squeeze(1)
    vocabulary = logits.shape[-1]
    values, ids = logits.topk(min(top_k or vocabulary, vocabulary), dim=-1)
    probabilities = values.softmax(dim=-1)
    if top_p is not None:
        # A token stays while the more likely ones have less than top_p together; so the first always stays.
        before = probabilities.cumsum(dim=-1) - probabilities
        probabilities = probabilities.masked_fill(before >= top_p, 0.0)
    return ids.gather(1, torch.multinomial(probabilities, 1, generator=generator)).squeeze(1)


@contextmanager
def evaluating(model: object) -> Iterator[None]:
    """Evaluation mode, if a model is a `torch.nn.Module`; its own mode afterwards."""
    training = isinstance(model, nn.Module) and model.training
    if isinstance(model, nn.Module):
        model.eval()
    try:
        yield
    finally:
        if isinstance(model, nn.Module):
            model.train(training)


def _check(
    prompt: Tensor, max_new_tokens: int, temperature: float, top_k: int | None, top_p: float | None, context: int | None
) -> None:
    faults = []
    if prompt.dim() != 2 or prompt.shape[1] < 1 or prompt.is_floating_point():
        got = f"{prompt.dtype} of shape {tuple(prompt.shape)}"
        faults.append(Fault("prompt (generate)", "must be integer token ids (B, T), T at least 1", got))
    if max_new_tokens < 0:
        faults.append(Fault("max_new_tokens (generate)", "must be at least 0", str(max_new_tokens)))
    if not 0 <= temperature < float("inf"):
        faults.append(Fault("temperature (generate)", "must be at least 0 and finite", str(temperature)))
    if top_k is not None and top_k < 1:
        faults.append(Fault("top_k (generate)", "must be at least 1", str(top_k)))
    if top_p is not None and not 0 < top_p <= 1:
        faults.append(Fault("top_p (generate)", "must be above 0 and at most 1", str(top_p)))
    if context is not None and context < 1:
        faults.append(Fault("context (generate)", "must be at least 1", str(context)))
    if faults:
        raise ConfigurationError(faults)
