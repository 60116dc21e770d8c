"""Recurrent decoders with attention to a context, in the place of a `Decoder`."""

from __future__ import annotations

from typing import cast

from torch import Tensor, nn

from attnframe.bridges import RecurrentDecoderLayer, RecurrentLayerCache
from attnframe.bridges.padding import valid_tokens
from attnframe.errors import ConfigurationError, Fault
from attnframe.masks import Mask
from attnframe.models.caches import Caches


class RecurrentDecoder(nn.Module):
    """A `Bahdanau` or `Luong` decoder as the decoder of an `EncoderDecoder`.

    Args:
        layer: the decoder.
    """

    def __init__(self, layer: RecurrentDecoderLayer) -> None:
        super().__init__()
        self.dim, self.context_dim = layer.dim, layer.context_dim
        self.layer = layer

    def forward(
        self,
        x: Tensor,
        context: Tensor | None = None,
        *,
        mask: Mask | None = None,
        context_mask: Mask | None = None,
        caches: Caches | None = None,
    ) -> Tensor:
        """Decode a sequence, or its next tokens; see `RecurrentDecoderLayer.forward`.

        Args:
            x: (B, T, D).
            context: (B, S, C); None when `caches` hold its projection.
            mask: `Padding` behind the real tokens, where it changes nothing; None when all are real.
            context_mask: `Padding` of the context, True = real token.
            caches: past to read and extend, from `new_caches`.

        Returns:
            (B, T, D).

        Raises:
            ConfigurationError: padding stands before a real token (looked for on a CPU only, since elsewhere that would
                wait), or the context is missing at the first call.
            UnsupportedError: for a mask of another kind.
        """
        if caches is None:
            valid = valid_tokens(mask, x, self)
            if valid is not None and valid.device.type == "cpu" and bool((valid[:, 1:] & ~valid[:, :-1]).any()):
                must = "must hold padding behind the real tokens only, because each token is read after those before it"
                raise ConfigurationError(Fault("mask (RecurrentDecoder)", must, "", "Pad targets at their end."))
        cache = None if caches is None else cast("RecurrentLayerCache", caches[0])
        out: Tensor = self.layer(x, context, context_mask=context_mask, cache=cache)
        return out

    def new_caches(self, batch: int, max_length: int | None = None) -> Caches:
        """Empty caches for `batch` sequences; they are of constant size besides the context."""
        return Caches([self.layer.new_cache(batch)])
