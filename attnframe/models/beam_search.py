"""Beam search: the likeliest continuation among several that are written side by side."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.models.generation import LanguageModel, evaluating


@dataclass(frozen=True)
class Found:
    """The best continuation of each prompt.

    Args:
        tokens: (N, n) new tokens; after the stop token that ends a continuation, and is part of it, more of the same.
        log_probability: (N,) of the continuation, in nats.
        score: (N,) what the search compared.
    """

    tokens: Tensor
    log_probability: Tensor
    score: Tensor


def beam_search(
    model: LanguageModel,
    prompt: Tensor,
    max_new_tokens: int,
    *,
    stop: int,
    beams: int = 5,
    length_penalty: float = 0.6,
    use_cache: bool = True,
) -> Found:
    r"""Continue each prompt by beam search with the length penalty of Wu et al. 2016 (https://arxiv.org/abs/1609.08144).

    .. math:: s(y) = \ln p(y) \Big/ \left(\frac{5 + |y|}{6}\right)^\alpha

    with \|y\| the number of new tokens, the stop token among them. In each step the `beams` likeliest of all
    continuations by one more token are kept; those that stop leave the beam. A prompt is done when as many have stopped
    as there are beams, or when no other can reach the score of the best that stopped. With a cache, prompts that are
    done leave the batch. One beam is greedy search. With and without the cache the tokens are the same.

    Runs in inference mode, and in evaluation mode if the model is a `torch.nn.Module`.

    Args:
        model: what predicts the next token; it is given N x beams sequences, those of a prompt in a row.
        prompt: (N, T) token ids, T at least 1.
        max_new_tokens: most tokens to write, at least 1; a continuation of that length ends there.
        stop: token that ends a continuation.
        beams: continuations kept for each prompt, at least 1.
        length_penalty: the exponent alpha, at least 0; more favours longer continuations, 0 the likeliest.
        use_cache: keep keys and values of the past instead of reading everything again at each step.

    Raises:
        ConfigurationError: naming every argument out of range.
    """
    _check(prompt, max_new_tokens, beams, length_penalty)
    with torch.inference_mode(), evaluating(model):
        search = _Search(prompt, max_new_tokens, stop, beams, length_penalty, drops=use_cache)
        sequences = prompt.repeat_interleave(beams, 0)
        caches = model.new_caches(len(sequences), prompt.shape[1] + max_new_tokens) if use_cache else None
        read = sequences
        while True:
            logits = model.next_logits(read, caches)
            rows, token = search.advance(logits)
            if len(rows) == 0:
                break
            if caches is None:
                sequences = read = torch.cat([sequences[rows], token], 1)
                continue
            if rows.tolist() != list(range(len(logits))):
                caches.reorder(rows)
            read = token
    # Copies, because tensors of inference mode may not be used in training.
    return Found(search.tokens[:, : search.longest].clone(), search.log_probability.clone(), search.score.clone())


class _Search:
    """The state of a search: live hypotheses, and the best that ended.

    Args:
        prompt: (N, T). limit: most new tokens.
        stop, beams, length_penalty: as in `beam_search`.
        drops: whether prompts that are done leave the batch.

    Attributes:
        tokens: (N, max_new_tokens) best ended hypothesis of each prompt.
        log_probability, score: (N,) of it.
        longest: most tokens that one of them has.
    """

    def __init__(
        self, prompt: Tensor, limit: int, stop: int, beams: int, length_penalty: float, *, drops: bool
    ) -> None:
        count, device = len(prompt), prompt.device
        self.limit, self.stop, self.beams, self.drops = limit, stop, beams, drops
        self.penalties = [((5 + length) / 6) ** length_penalty for length in range(limit + 1)]
        self.tokens = prompt.new_full((count, limit), stop)
        self.log_probability = torch.full((count,), -float("inf"), device=device)
        self.score = torch.full((count,), -float("inf"), device=device)
        self.longest = 0
        # Of the prompts that are still written on: which they are, how many hypotheses ended, and the live ones.
        self._prompts = torch.arange(count, device=device)
        self._ended = torch.zeros(count, dtype=torch.int64, device=device)
        self._live = torch.full((count, beams), -float("inf"), device=device)
        self._live[:, 0] = 0.0  # All are the same at first, so one stands for them.
        self._written = prompt.new_empty(count, beams, 0)

    def advance(self, logits: Tensor) -> tuple[Tensor, Tensor]:
        """Take in the logits (B, V) of the next token of every live hypothesis.

        Returns:
            Which row each live hypothesis goes on from (B',), and its new token (B', 1).
        """
        beams, count = self.beams, len(self._prompts)
        length = self._written.shape[2] + 1
        log_probability, origin, token = self._candidates(logits)
        stops = token == self.stop
        # A stop counts only where the beam would have kept it.
        ends = stops[:, :beams] if length < self.limit else torch.ones_like(stops[:, :beams])
        self._end(ends, log_probability[:, :beams], origin[:, :beams], token[:, :beams], length)
        if length == self.limit:
            return self._prompts[:0], token[:0]
        kept = stops.byte().argsort(dim=1, stable=True)[:, :beams]  # The likeliest that do not stop, in order.
        self._live = log_probability.gather(1, kept).masked_fill_(stops.gather(1, kept), -float("inf"))
        origin, token = origin.gather(1, kept), token.gather(1, kept)
        past = self._written.gather(1, origin.unsqueeze(2).expand(-1, -1, length - 1))
        self._written = torch.cat([past, token.unsqueeze(2)], 2)
        # Probabilities only fall, and the penalty of the longest continuation helps most.
        reachable = self._live[:, 0] / self.penalties[self.limit]
        done = (self._ended >= beams) | (self.score[self._prompts] >= reachable)
        rows = origin + torch.arange(count, device=origin.device).unsqueeze(1) * beams
        if bool(done.all()):
            return self._prompts[:0], token[:0]
        if not self.drops:
            self._live.masked_fill_(done.unsqueeze(1), -float("inf"))  # So that nothing more is found.
        elif bool(done.any()):
            going = (~done).nonzero().flatten()
            self._prompts, self._ended = self._prompts[going], self._ended[going]
            self._live, self._written = self._live[going], self._written[going]
            rows, token = rows[going], token[going]
        return rows.flatten(), token.reshape(-1, 1)

    def _candidates(self, logits: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The 2 * beams likeliest continuations of each prompt by one token, in order: log-probability, the hypothesis
        (0 to beams - 1) and the token, each (N, 2 * beams)."""
        width = min(2 * self.beams, logits.shape[1])  # Twice, because each hypothesis may stop once.
        # Not logsumexp, which on CPU takes three times as long.
        best = logits.log_softmax(1, dtype=torch.float32).topk(width, dim=1)
        totals = (best.values + self._live.view(-1, 1)).view(len(self._prompts), -1)
        kept, places = totals.topk(min(2 * self.beams, totals.shape[1]), dim=1)
        return kept, places // width, best.indices.view(len(self._prompts), -1).gather(1, places)

    def _end(self, ends: Tensor, log_probability: Tensor, origin: Tensor, token: Tensor, length: int) -> None:
        """Let the hypotheses (N, beams) that `ends` names end, and keep the best of each prompt."""
        found = log_probability.masked_fill(~ends, -float("inf"))
        self._ended += (found > -float("inf")).sum(1)
        best, place = found.max(1)
        score = best / self.penalties[length]
        better = (score > self.score[self._prompts]).nonzero().flatten()
        if len(better) == 0:
            return
        prompts, place = self._prompts[better], place[better]
        self.score[prompts], self.log_probability[prompts] = score[better], best[better]
        self.tokens[prompts] = self.stop
        self.tokens[prompts, : length - 1] = self._written[better, origin[better, place]]
        self.tokens[prompts, length - 1] = token[better, place]
        self.longest = max(self.longest, length)


def _check(prompt: Tensor, max_new_tokens: int, beams: int, length_penalty: float) -> None:
    faults = []
    if prompt.dim() != 2 or prompt.shape[1] < 1 or prompt.is_floating_point():
        got = f"{prompt.dtype} of shape {tuple(prompt.shape)}"
        faults.append(Fault("prompt (beam_search)", "must be integer token ids (N, T), T at least 1", got))
    if max_new_tokens < 1:
        faults.append(Fault("max_new_tokens (beam_search)", "must be at least 1", str(max_new_tokens)))
    if beams < 1:
        faults.append(Fault("beams (beam_search)", "must be at least 1", str(beams)))
    if not 0 <= length_penalty < float("inf"):
        faults.append(Fault("length_penalty (beam_search)", "must be at least 0 and finite", str(length_penalty)))
    if faults:
        raise ConfigurationError(faults)
