"""The encoder-decoder: one sequence read whole, another written token by token."""

from __future__ import annotations

from torch import Tensor, nn

from attnframe.bridges import Recurrence
from attnframe.errors import ConfigurationError, Fault
from attnframe.masks import Mask
from attnframe.models.attention_rnn import AttentionRNN
from attnframe.models.caches import Caches
from attnframe.models.decoder import Decoder
from attnframe.models.encoder import Encoder
from attnframe.models.recurrent_decoder import RecurrentDecoder


class EncoderDecoder(nn.Module):
    """Two models between the embeddings: the transformer of Vaswani et al. 2017 (https://arxiv.org/abs/1706.03762) of
    an `Encoder` and a `Decoder`, the network of Bahdanau et al. 2015 (https://arxiv.org/abs/1409.0473) or Luong et al.
    2015 (https://arxiv.org/abs/1508.04025) of a `Recurrence` both ways and a `RecurrentDecoder`, or any mixture.

    Args:
        encoder: reads the source.
        decoder: writes the target; its `context_dim` must be the encoder's width.

    Raises:
        ConfigurationError: the widths do not fit.
    """

    def __init__(self, encoder: Encoder | AttentionRNN | Recurrence, decoder: Decoder | RecurrentDecoder) -> None:
        super().__init__()
        if decoder.context_dim != encoder.dim:
            must = f"must be the encoder's width {encoder.dim}"
            raise ConfigurationError(Fault("decoder.context_dim (EncoderDecoder)", must, str(decoder.context_dim)))
        self.encoder = encoder
        self.decoder = decoder

    def forward(
        self,
        source: Tensor,
        target: Tensor,
        *,
        source_mask: Mask | None = None,
        target_mask: Mask | None = None,
        context_mask: Mask | None = None,
    ) -> Tensor:
        """Encode the source and decode the whole target.

        Args:
            source: (B, S, encoder width).
            target: (B, T, decoder width).
            source_mask: who may see whom in the source, e.g. `Padding` of the source; True means "may attend".
            target_mask: likewise in the target, besides causality.
            context_mask: which part of the source each target position may see, e.g. `Padding` of the source.

        Returns:
            (B, T, decoder width).
        """
        context = self.encode(source, mask=source_mask)
        return self.decode(target, context, mask=target_mask, context_mask=context_mask)

    def encode(self, source: Tensor, *, mask: Mask | None = None) -> Tensor:
        """Context (B, S, encoder width) of a source of the same shape."""
        context: Tensor = self.encoder(source, mask=mask)
        return context

    def decode(
        self,
        target: Tensor,
        context: Tensor,
        *,
        mask: Mask | None = None,
        context_mask: Mask | None = None,
        caches: Caches | None = None,
    ) -> Tensor:
        """Decode (B, T, decoder width) given a context (B, S, encoder width); see `Decoder.forward`."""
        out: Tensor = self.decoder(target, context, mask=mask, context_mask=context_mask, caches=caches)
        return out

    def new_caches(self, batch: int, max_length: int | None = None) -> Caches:
        """Empty caches of the decoder; the first `decode` with them projects the context, later ones read it."""
        return self.decoder.new_caches(batch, max_length)
