"""A decoder with its context as what `generate` and `beam_search` write with."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from attnframe.blocks.block import of_contexts
from attnframe.masks import Padding
from attnframe.models.caches import Caches, LayerCache
from attnframe.models.decoder import Decoder
from attnframe.models.recurrent_decoder import RecurrentDecoder
from attnframe.models.steps import Steps


class ContextCaches(Caches):
    """Caches of a decoder together with the context that they read.

    Args:
        blocks: the caches, first block first.
        steps: takes single steps with them; None to call the blocks.
        context: (N, S, C).
        valid: (N, S) True = real token of the context; None when all are.
        copies: sequences in a row that share each context.
    """

    def __init__(
        self, blocks: Iterable[LayerCache], steps: Steps | None, context: Tensor, valid: Tensor | None, copies: int
    ) -> None:
        super().__init__(blocks, steps)
        self.context, self.copies = context, copies
        self.mask = None if valid is None else Padding(valid)

    def reorder(self, indices: Tensor) -> None:
        super().reorder(indices)
        contexts = of_contexts(indices, self.copies)
        if contexts.tolist() != list(range(self.context.shape[0])):
            self.context = self.context.index_select(0, contexts)
            if self.mask is not None:
                self.mask = Padding(self.mask.valid.index_select(0, contexts))


class Conditional:
    """A `LanguageModel` of what is written about a context: the decoder of an `EncoderDecoder` after encoding.

    Sequences that are written number a multiple of the contexts: with k each, sequences i k to i k + k - 1 read context
    i. A `Decoder` projects and holds each context once, however many sequences read it.

    Args:
        decoder: with cross attention.
        embed: tokens (B, T) to what the decoder takes, (B, T, D).
        head: the decoder's output (B, D) to logits (B, V).
        context: (N, S, C) the encoder's output.
        valid: (N, S) bool, True = real token of the context; None when all are.
    """

    def __init__(
        self,
        decoder: Decoder | RecurrentDecoder,
        embed: Callable[[Tensor], Tensor],
        head: Callable[[Tensor], Tensor],
        context: Tensor,
        valid: Tensor | None = None,
    ) -> None:
        self.decoder, self.embed, self.head = decoder, embed, head
        self.context, self.valid = context, valid

    def next_logits(self, tokens: Tensor, caches: Caches | None = None) -> Tensor:
        """Logits (B, V) of the token after `tokens` (B, T), which follow those in `caches` and are added to them."""
        x = self.embed(tokens)
        if isinstance(caches, ContextCaches):
            out = self.decoder(x, caches.context, context_mask=caches.mask, caches=caches)
        else:
            context, valid = self._repeated(tokens.shape[0])
            out = self.decoder(x, context, context_mask=None if valid is None else Padding(valid))
        return self.head(out[:, -1])

    def new_caches(self, batch: int, max_length: int | None = None) -> Caches:
        """Empty caches for `batch` sequences, a multiple of the contexts, of at most `max_length` tokens."""
        if isinstance(self.decoder, Decoder):
            copies = batch // self.context.shape[0]
            caches = self.decoder.new_caches(batch, max_length, copies)
            return ContextCaches(caches, caches.steps, self.context, self.valid, copies)
        caches = self.decoder.new_caches(batch, max_length)
        return ContextCaches(caches, caches.steps, *self._repeated(batch), 1)

    def _repeated(self, batch: int) -> tuple[Tensor, Tensor | None]:
        """The context of each of `batch` sequences."""
        copies = batch // self.context.shape[0]
        if copies == 1:
            return self.context, self.valid
        valid = None if self.valid is None else torch.repeat_interleave(self.valid, copies, 0)
        return torch.repeat_interleave(self.context, copies, 0), valid
