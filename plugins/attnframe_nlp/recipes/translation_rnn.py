"""`model=attention_rnn` of the task `translation`. Torch-free."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from attnframe.plugin.contract import Parts
from attnframe.recipe import frozen
from attnframe.recipes.capabilities import Needs
from attnframe_nlp.recipes.translation_model import TranslationModel

if TYPE_CHECKING:
    from attnframe.models import EncoderDecoder


@frozen
class TranslationRNN(TranslationModel):
    """Recurrent layers that read a sentence both ways and attend over their states, and a recurrent decoder with
    attention to them: Luong's (Luong et al. 2015, arXiv:1508.04025) or Bahdanau's (Bahdanau et al. 2015,
    arXiv:1409.0473).

    Args:
        depth: recurrent layers of the encoder, and of the decoder.
        cell: ``lstm`` (Hochreiter and Schmidhuber 1997) or ``gru`` (Cho et al. 2014).
        decoder: ``luong`` steps, then attends, all tokens at once in training; ``bahdanau`` attends, then steps, one
            token after the other.
    """

    name: ClassVar[str] = "attention_rnn"
    summary: ClassVar[str] = "recurrent encoder and decoder with attention (Bahdanau et al. 2015, Luong et al. 2015)"
    needs: ClassVar[Needs] = Needs(noncausal=True, masks=frozenset({"padding"}))

    cell: Literal["lstm", "gru"] = "lstm"
    decoder: Literal["luong", "bahdanau"] = "luong"

    def build(self, parts: Parts, max_length: int) -> EncoderDecoder:
        from attnframe_nlp.translation_networks import recurrent_encoder_decoder

        return recurrent_encoder_decoder(self, parts, max_length)
