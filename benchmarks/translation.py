"""Speed of translation: beam search of 5 beside transformers' `generate` with a Marian of equal size, in turn, on CPU.

    python benchmarks/translation.py [--rounds 5] [--threads 2]

Both models have 3 + 3 blocks of width 256 with 4 heads, one vocabulary of 10,000 tokens and random weights; both write
24 tokens for each of 32 sentences of 24 tokens, and for a single one. No hypothesis ends earlier in either, so both do
the whole work. Writes benchmarks/results/speed-translation_BATCH.json. Bar: twice the sentences a second.
"""

from __future__ import annotations

import argparse
import logging
import warnings
from importlib.metadata import version

import torch
from interleaved import Step, rounds, write

from attnframe.plugin.contract import Parts
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.position.learned import LearnedScheme

LENGTH, VOCABULARY, BEAMS = 24, 10_000, 5
BATCHES = (32, 1)


def ours(source: torch.Tensor) -> Step:
    """Our nlp plugin's translator: the encoder once, then the search through its caches."""
    from attnframe_nlp.recipes.translation_transformer import TranslationTransformer
    from attnframe_nlp.translator import Translator

    model = TranslationTransformer(dim=256, depth=3, norm="layer", activation="gelu", beams=BEAMS)
    parts = Parts(attention=MultiHeadAttention(num_heads=4), position=LearnedScheme(), model=model)
    facts = {"joint": True, "target_size": VOCABULARY, "source_size": VOCABULARY, "max_length": LENGTH}
    module = Translator(parts, facts).eval()
    with torch.no_grad():  # So that the end of a sentence never comes, as below.
        module.target_embedding.weight[2] = 0

    @torch.no_grad()
    def step() -> None:
        found = module.translate(source, BEAMS, 1.0)
        assert found.tokens.shape == (len(source), LENGTH)

    return step


def theirs(source: torch.Tensor) -> Step:
    from transformers import MarianConfig, MarianMTModel

    config = MarianConfig(
        vocab_size=VOCABULARY, d_model=256, encoder_layers=3, decoder_layers=3, encoder_attention_heads=4,
        decoder_attention_heads=4, encoder_ffn_dim=1024, decoder_ffn_dim=1024, max_position_embeddings=64,
        pad_token_id=0, eos_token_id=1, decoder_start_token_id=2, forced_eos_token_id=None,
    )  # fmt: skip
    model = MarianMTModel(config).eval()

    @torch.inference_mode()
    def step() -> None:
        out = model.generate(
            source, num_beams=BEAMS, do_sample=False, max_new_tokens=LENGTH, min_new_tokens=LENGTH, length_penalty=1.0
        )
        assert out.shape == (len(source), 1 + LENGTH)

    return step


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    for batch in BATCHES:
        torch.manual_seed(0)
        source = torch.randint(3, VOCABULARY, (batch, LENGTH))
        times = rounds({"attnframe": ours(source), "transformers Marian": theirs(source)}, 0.0, given.rounds)
        record = write(
            f"translation_{batch}",
            f"translation with {BEAMS} beams, {batch} x 24 tokens into 24, 256 x 3 + 3, vocabulary 10,000",
            times,
            "attnframe",
            bar=2.0,
            versions={"transformers": version("transformers")},
        )
        speeds = {name: batch * 1e3 / taken for name, taken in record["milliseconds"].items()}
        told = ", ".join(f"{name} {speed:.2f} sentences/s" for name, speed in speeds.items())
        print(f"batch {batch}: {told}; ratio {record['ratios']['transformers Marian']:.2f} (bar 2)", flush=True)


if __name__ == "__main__":
    logging.getLogger("transformers").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="transformers")
    main()
