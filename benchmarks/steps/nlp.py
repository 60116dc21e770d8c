"""Language models and translators."""

from __future__ import annotations

from typing import Final

import torch
import torch.nn.functional as F
from interleaved import Step
from torch import Tensor, nn

from attnframe.plugin.contract import Parts
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.position.learned import LearnedScheme
from steps.base import Case, training

TOKENS: Final = (8, 256)
SENTENCES: Final = (64, 24)
VOCABULARY: Final = 10_000


def lm_ours() -> Step:
    """Our nlp plugin's model with the peers' parts: layer norm, GELU, learned positions, a head of its own."""
    from attnframe_nlp.language_model import LanguageModel
    from attnframe_nlp.recipes.transformer import TransformerLanguageModel

    model = TransformerLanguageModel(dim=256, depth=4, norm="layer", activation="gelu", tied=False)
    parts = Parts(attention=MultiHeadAttention(num_heads=4), position=LearnedScheme(), model=model)
    module = LanguageModel(parts, {"vocabulary_size": 65, "context": TOKENS[1]})
    tokens = torch.randint(65, (TOKENS[0], TOKENS[1] + 1))
    batch = {"tokens": tokens[:, :-1], "targets": tokens[:, 1:]}
    return training(module, lambda: module.loss(batch)[0])


def lm_transformers() -> Step:
    from transformers import GPT2Config, GPT2LMHeadModel

    config = GPT2Config(
        vocab_size=65, n_positions=256, n_embd=256, n_layer=4, n_head=4,
        resid_pdrop=0, embd_pdrop=0, attn_pdrop=0, use_cache=False, bos_token_id=0, eos_token_id=0,
    )  # fmt: skip
    model = GPT2LMHeadModel(config)
    tokens = torch.randint(65, TOKENS)
    return training(model, lambda: model(tokens, labels=tokens).loss)


def lm_x_transformers() -> Step:
    from x_transformers import Decoder, TransformerWrapper

    layers = Decoder(dim=256, depth=4, heads=4, attn_flash=True)
    model = TransformerWrapper(num_tokens=65, max_seq_len=256, attn_layers=layers)
    tokens = torch.randint(65, (TOKENS[0], TOKENS[1] + 1))
    return training(model, lambda: F.cross_entropy(model(tokens[:, :-1]).transpose(1, 2), tokens[:, 1:]))


def seq2seq_ours() -> Step:
    """Our nlp plugin's translator with the peers' parts: layer norm, GELU, learned positions, dropout 0.1."""
    from attnframe_nlp.recipes.translation_transformer import TranslationTransformer
    from attnframe_nlp.translator import Translator

    model = TranslationTransformer(dim=256, depth=3, norm="layer", activation="gelu", dropout=0.1, label_smoothing=0)
    parts = Parts(attention=MultiHeadAttention(num_heads=4), position=LearnedScheme(), model=model)
    facts = {"joint": True, "target_size": VOCABULARY, "source_size": VOCABULARY, "max_length": 64}
    module = Translator(parts, facts)
    batch = {
        "source": torch.randint(3, VOCABULARY, SENTENCES),
        "target": torch.randint(3, VOCABULARY, (SENTENCES[0], SENTENCES[1] + 1)),
    }
    return training(module, lambda: module.loss(batch)[0])


def seq2seq_transformers() -> Step:
    from transformers import MarianConfig, MarianMTModel

    config = MarianConfig(
        vocab_size=VOCABULARY, d_model=256, encoder_layers=3, decoder_layers=3, encoder_attention_heads=4,
        decoder_attention_heads=4, encoder_ffn_dim=1024, decoder_ffn_dim=1024, max_position_embeddings=64,
        pad_token_id=0, eos_token_id=1, decoder_start_token_id=2, use_cache=False,
    )  # fmt: skip
    model = MarianMTModel(config)
    source, target = torch.randint(3, VOCABULARY, SENTENCES), torch.randint(3, VOCABULARY, SENTENCES)
    return training(model, lambda: model(input_ids=source, labels=target).loss)


class TorchTranslator(nn.Module):
    """torch's transformer between embeddings that are its head too."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, 256)
        self.positions = nn.Parameter(torch.zeros(SENTENCES[1], 256))
        self.network = nn.Transformer(256, 4, 3, 3, 1024, 0.1, activation="gelu", batch_first=True, norm_first=True)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        mask = nn.Transformer.generate_square_subsequent_mask(target.shape[1])
        read, written = (self.embedding(tokens) + self.positions for tokens in (source, target))
        return self.network(read, written, tgt_mask=mask, tgt_is_causal=True) @ self.embedding.weight.T


def seq2seq_torch() -> Step:
    model = TorchTranslator()
    source, target = torch.randint(VOCABULARY, SENTENCES), torch.randint(VOCABULARY, SENTENCES)
    return training(model, lambda: F.cross_entropy(model(source, target).flatten(0, 1), target.flatten()))


CASES: Final[dict[str, Case]] = {
    "lm": Case(
        "training step, decoder 256 x 4, 4 heads, context 256, batch 8, vocabulary 65",
        lm_ours,
        {"transformers GPT-2": lm_transformers, "x-transformers": lm_x_transformers},
        0.98,
        ("transformers", "x-transformers"),
    ),
    "seq2seq": Case(
        "training step, encoder-decoder 256 x 3 + 3, 4 heads, batch 64 x 24, vocabulary 10,000",
        seq2seq_ours,
        {"transformers Marian": seq2seq_transformers, "nn.Transformer": seq2seq_torch},
        0.98,
        ("transformers",),
        against=("transformers Marian",),
    ),
}
