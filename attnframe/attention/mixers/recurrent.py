"""Mixers that read a state which every token changes."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

import torch
from torch import Tensor

from attnframe.attention.cache import Cache, RecurrentCache
from attnframe.attention.mixer import Call, Mixer, share_heads
from attnframe.attention.mixers.head_norm import HeadNorm
from attnframe.attention.mixers.shortcut import as_wide, full_precision, is_causal, state_of, valid_keys
from attnframe.attention.plan import Plan, Verdict
from attnframe.attention.recurrence import Recurrence, Tokens
from attnframe.attention.recurrence.blocks import Form, in_blocks
from attnframe.attention.recurrence.documents import come_back, fresh_tokens
from attnframe.attention.recurrence.fla import Kernel
from attnframe.errors import ConfigurationError, Fault
from attnframe.masks import Causal, Documents, Padding, terms

_WORKS = "Use attention=linear or attention=mha."


class RecurrentMixer(Mixer):
    """Base of mixers with a state S (E, V) of each head, read by the query after its token has changed it.

    out_t = S_t^T q_t

    A sequence is taken chunk by chunk, in time and memory linear in its length; one token updates the state, and a few
    tokens are taken all at once where that is faster. On CUDA the kernels of flash-linear-attention take the place of
    the chunks where they can. States and outputs are kept in
    float32 at least. What a head has read is divided by its root mean square, scaled by learned weights, and gated by
    silu where the variant has a gate.

    The state runs forwards, so attention is causal and within one sequence. Padding leaves the state as it is. A
    document that is packed into a row begins with a state of 0.

    Args:
        value_dim: width V of the values.
        gated: whether the token gates what is read.
        chunk: tokens among which pairs are formed, at least 1; None chooses. It changes no result.

    Shapes: query (B, H, T, E), key (B, K, T, E), value (B, K, T, V) to (B, H, T, V).

    Raises:
        ConfigurationError: when `chunk` is below 1.
    """

    takes_bias = False
    recurrence: ClassVar[Recurrence]
    """How tokens change the state."""
    kernel: ClassVar[Kernel]
    """The same by flash-linear-attention."""

    def __init__(self, value_dim: int, *, gated: bool, chunk: int | None = None) -> None:
        super().__init__()
        if chunk is not None and chunk < 1:
            raise ConfigurationError(Fault(f"chunk ({type(self).__name__})", "must be at least 1", str(chunk)))
        self.chunk = chunk
        self.norm = HeadNorm(value_dim)
        self.signals = {"gate": value_dim} if gated else {}

    @abstractmethod
    def features(self, query: Tensor, key: Tensor) -> tuple[Tensor, Tensor]:
        """Queries (B, H, T, E) and keys (B, K, T, E) as they meet the state; a key of 0 stays 0."""

    def logits(self, call: Call) -> tuple[Tensor | None, Tensor | None]:
        """What `decay` and `rate` are made of, shaped like them; None where the variant has none."""
        return None, None

    def decay(self, logits: Tensor) -> Tensor:
        """Logarithm, at most 0, of what a token leaves of the state, as in `Tokens`."""
        return logits

    def rate(self, logits: Tensor) -> Tensor:
        """(B, H, T, 1) how far a token replaces what the state holds at its key, from 0 to 1."""
        return torch.sigmoid(logits)

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        self._check(call)
        state = state_of(call)
        with full_precision(query.device):
            tokens = self._given(query, key, value, call)
            before = None if state is None else state.state.get("state")
            out, after = self._form(query, call)(tokens, before)
        if state is not None and after is not None:
            state.write(state=after)
        return out

    def finish(self, mixed: Tensor, call: Call) -> Tensor:
        """The norm and the gate, in float32 at least; in the type of the layer afterwards."""
        out: Tensor = self.norm(mixed, call.signals.get("gate"))
        return out.to(next(iter(call.signals.values())).dtype)

    def weights(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        """What each value counts for in what is read, before norm and gate, (B, H, rows, T); it may be negative."""
        self._check(call)
        if state_of(call) is not None:
            raise self.refusal("holds no past keys to show weights of", "Capture without a cache.")
        with full_precision(query.device):
            return self.recurrence.weights(self._ready(self._given(query, key, key[..., :0], call)), rows)

    def new_cache(self, batch: int, max_length: int | None) -> Cache:
        return RecurrentCache(batch)

    def accepts(self, cache: Cache) -> bool:
        return isinstance(cache, RecurrentCache)

    def plan(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Plan:
        self._check(call)
        reasons = tuple(self._why_not_kernel(query, call))
        against = {
            "step": () if query.shape[2] == 1 else ("the call has more than one token",),
            "fla": reasons,
            "parallel": tuple(self._why_not_parallel(query, call)),
            "chunked": (),
        }
        chosen = next(name for name, found in against.items() if not found)
        other = (f"{chosen} is preferred",)
        verdicts = (
            Verdict(name, found or (() if name == chosen else other), not found) for name, found in against.items()
        )
        return Plan(chosen, tuple(verdicts))

    def extra_repr(self) -> str:
        return "" if self.chunk is None else f"chunk={self.chunk}"

    def _form(self, query: Tensor, call: Call) -> Form:
        """The form that `plan` names."""
        if query.shape[2] == 1:
            return lambda tokens, state: self.recurrence.step(self._ready(tokens), state)
        if not self._why_not_kernel(query, call):
            return lambda tokens, state: self.kernel(self._ready(tokens), state, query.dtype)
        if not self._why_not_parallel(query, call):

            def parallel(tokens: Tokens, state: Tensor | None) -> tuple[Tensor, None]:
                return self.recurrence.parallel(self._ready(tokens)), None

            return lambda tokens, state: in_blocks(parallel, tokens, state, tokens.length)
        chunk = self.chunk or self.recurrence.chunk

        def chunked(tokens: Tokens, state: Tensor | None) -> tuple[Tensor, Tensor]:
            return self.recurrence.chunked(self._ready(tokens), state, chunk)

        return lambda tokens, state: in_blocks(chunked, tokens, state, chunk)

    def _why_not_kernel(self, query: Tensor, call: Call) -> list[str]:
        return self.kernel.why_not(query.device, query.dtype, query.shape[-1], call.mask)

    def _why_not_parallel(self, query: Tensor, call: Call) -> list[str]:
        """Why weights of all pairs are not the fastest way; empty when they are."""
        found = []
        if query.shape[2] > self.recurrence.few:
            found.append(f"it is slower beyond {self.recurrence.few} tokens" if self.recurrence.few else "it is slower")
        if state_of(call) is not None:
            found.append("it leaves no state to decode from")
        if self.chunk is not None:
            found.append(f"chunk={self.chunk} was asked for")
        return found

    def _given(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tokens:
        """The tokens of a call as they come from the projections."""
        decay, rate = self.logits(call)
        valid, extent = valid_keys(call), call.extent
        hidden = None if valid is None else ~valid.expand(-1, extent.keys)[:, None, :, None]
        return Tokens(query, key, value, decay, rate, fresh_tokens(call), hidden)

    def _ready(self, given: Tokens) -> Tokens:
        """Tokens as the recurrence reads them, in float32 at least."""
        query, key = self.features(as_wide(given.query), as_wide(given.key))
        value = as_wide(given.value)
        decay = None if given.decay is None else self.decay(as_wide(given.decay))
        if given.hidden is not None:
            key, value = key.masked_fill(given.hidden, 0.0), value.masked_fill(given.hidden, 0.0)
            decay = None if decay is None else decay.masked_fill(given.hidden, 0.0)
        rate = None if given.rate is None else self.rate(as_wide(given.rate))
        return Tokens(query, share_heads(query, key), share_heads(query, value), decay, rate, given.fresh)

    def _check(self, call: Call) -> None:
        """Refuse what a state that runs forwards cannot serve."""
        if call.cross:
            raise self.refusal("reads a state of its own sequence, so it serves no cross attention", _WORKS)
        if not is_causal(call):
            raise self.refusal("reads a state that runs forwards, so it serves causal attention only", _WORKS)
        for term in terms(call.mask):
            packed = isinstance(term, Documents) and term.key_ids is None
            if not isinstance(term, Causal | Padding) and not packed:
                reason = f"reads one state, so it serves no {type(term).__name__} mask"
                raise self.refusal(f"{reason}, which gives each query keys of its own", _WORKS)
        extent = call.extent
        same = extent.queries == extent.keys and extent.start == 0 and extent.key_positions is None
        if state_of(call) is None and not same:
            raise self.refusal("serves queries and keys of the same tokens only", "Decode with new_cache(batch).")
        if come_back(call):
            reason = "keeps the state of one document, so it serves no document that goes on after another one"
            raise self.refusal(reason, "Put the tokens of a document side by side, or use attention=mha.")
