"""Writing on from a prompt."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from attnframe.errors import DataError, Fault
from attnframe.models import Caches, generate
from attnframe.models import LanguageModel as Predictor
from attnframe_nlp.recipes.predict import GenerateText
from attnframe_nlp.tokenizer.base import Tokenizer


class _Listening:
    """A model in front of `generate` that adds up the log-probability of what is written.

    Args:
        model: what predicts the next token.
    """

    def __init__(self, model: Predictor) -> None:
        self.model = model
        self.log_probability = 0.0
        self._predicted: Tensor | None = None

    def next_logits(self, tokens: Tensor, caches: Caches | None = None) -> Tensor:
        self.hear(int(tokens[0, -1]))
        logits = self.model.next_logits(tokens, caches)
        self._predicted = logits[0].float().log_softmax(dim=-1)
        return logits

    def new_caches(self, batch: int, max_length: int | None = None) -> Caches:
        return self.model.new_caches(batch, max_length)

    def hear(self, token: int) -> None:
        """Count the token that was chosen after the last prediction."""
        if self._predicted is not None:
            self.log_probability += float(self._predicted[token])


def write(
    model: Predictor,
    tokenizer: Tokenizer,
    name: str,
    prompt: str,
    context: int,
    options: GenerateText,
    device: torch.device,
) -> dict[str, Any]:
    """Continue one prompt through the cache.

    Args:
        model: what predicts the next token.
        tokenizer: the model's.
        name: what the prompt is called in errors.
        prompt: at least one character.
        context: most tokens that the model reads back.
        options: how the next token is chosen.
        device: where the model is.

    Returns:
        ``prompt``, ``continuation``, and ``log_probability``: that of the continuation under the model itself
        (temperature 1), in nats.

    Raises:
        DataError: when the prompt is empty or holds characters that the vocabulary does not.
    """
    prompt = known_prompt(tokenizer, name, prompt, options.replace_unknown)
    tokens = torch.from_numpy(tokenizer.encode(prompt)).unsqueeze(0)
    listening = _Listening(model)
    written = generate(
        listening,
        tokens.to(device),
        options.max_new_tokens,
        temperature=options.temperature,
        top_k=options.top_k,
        top_p=options.top_p,
        generator=torch.Generator(device).manual_seed(torch.initial_seed()),
        context=context,
    )[0].tolist()
    listening.hear(written[-1])
    continuation = tokenizer.decode(written[tokens.shape[1] :])
    return {"prompt": prompt, "continuation": continuation, "log_probability": listening.log_probability}


def known_prompt(tokenizer: Tokenizer, name: str, prompt: str, replacement: str | None) -> str:
    """The prompt in characters of the vocabulary.

    Args:
        tokenizer: the model's. name: what the prompt is called in errors. prompt: as it was given.
        replacement: what stands for each character that the vocabulary does not hold; None refuses them.

    Raises:
        DataError: when the prompt is empty or holds characters that the vocabulary does not.
    """
    shown = name if len(name) <= 60 else name[:57] + "..."
    where = f"input {shown!r}"
    if not prompt:
        raise DataError(Fault(where, "must hold at least one character"))
    unknown = tokenizer.unknown(prompt)
    if not unknown:
        return prompt
    listed = " ".join(repr(character) for character in sorted(unknown)[:20])
    if replacement is None:
        works = "Leave them out, or say what stands for them, e.g. predict.replace_unknown=' '."
        raise DataError(Fault(where, f"must use only the {tokenizer.size} characters of the vocabulary", listed, works))
    if tokenizer.unknown(replacement):
        raise DataError(
            Fault(
                "predict.replace_unknown",
                f"must use only the {tokenizer.size} characters of the vocabulary",
                repr(replacement),
            )
        )
    replaced = "".join(replacement if character in unknown else character for character in prompt)
    if not replaced:
        raise DataError(Fault(where, "must hold a character of the vocabulary", listed))
    return replaced
