"""Speed of generation: 512 tokens through the KV cache beside transformers' GPT-2 of equal size, in turn, on CPU.

    python benchmarks/generation.py [--rounds 9] [--threads 2]

Both models have 4 blocks of width 256 with 4 heads, vocabulary 65, learned positions and random weights, and write
greedily from one token. Writes benchmarks/results/speed-generation.json. Bars: the same tokens as without the cache,
and twice the tokens a second.
"""

from __future__ import annotations

import argparse
import logging
from importlib.metadata import version

import torch
from interleaved import Step, rounds, write
from torch import nn

from attnframe.models import generate
from attnframe.plugin.contract import Parts
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.position.learned import LearnedScheme

NEW_TOKENS, CONTEXT, VOCABULARY = 512, 1024, 65


def our_model() -> nn.Module:
    """Our nlp plugin's model, its head and blocks with random weights large enough for varied text."""
    from attnframe_nlp.language_model import LanguageModel
    from attnframe_nlp.recipes.transformer import TransformerLanguageModel

    recipe = TransformerLanguageModel(dim=256, depth=4, norm="layer", activation="gelu", tied=False)
    parts = Parts(attention=MultiHeadAttention(num_heads=4), position=LearnedScheme(), model=recipe)
    model = LanguageModel(parts, {"vocabulary_size": VOCABULARY, "context": CONTEXT})
    for parameter in model.parameters():
        if parameter.dim() > 1:
            nn.init.normal_(parameter, std=0.1)
    return model.eval()


def theirs(prompt: torch.Tensor) -> Step:
    from transformers import GPT2Config, GPT2LMHeadModel

    config = GPT2Config(
        vocab_size=VOCABULARY, n_positions=CONTEXT, n_embd=256, n_layer=4, n_head=4, bos_token_id=0, eos_token_id=None
    )
    model = GPT2LMHeadModel(config).eval()

    @torch.inference_mode()
    def step() -> None:
        out = model.generate(
            prompt, max_new_tokens=NEW_TOKENS, min_new_tokens=NEW_TOKENS, do_sample=False, pad_token_id=0
        )
        assert out.shape == (1, 1 + NEW_TOKENS)

    return step


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    model, prompt = our_model(), torch.zeros(1, 1, dtype=torch.long)
    cached, full = (
        generate(model, prompt, NEW_TOKENS, temperature=0, context=CONTEXT, use_cache=use_cache)
        for use_cache in (True, False)
    )
    same = bool(torch.equal(cached, full))
    steps = {
        "attnframe": lambda: generate(model, prompt, NEW_TOKENS, temperature=0, context=CONTEXT),
        "transformers GPT-2": theirs(prompt),
    }
    times = rounds(steps, 0.0, given.rounds)
    record = write(
        "generation",
        "generation with the KV cache, 512 tokens, 4 x 256, 4 heads",
        times,
        "attnframe",
        bar=2.0,
        same_tokens_without_cache=same,
        distinct_tokens=len(cached.unique()),
        versions={"transformers": version("transformers")},
    )
    speeds = {name: NEW_TOKENS * 1e3 / taken for name, taken in record["milliseconds"].items()}
    print(", ".join(f"{name} {speed:.0f} tokens/s" for name, speed in speeds.items()))
    print(f"ratio {record['ratios']['transformers GPT-2']:.2f} (bar 2), same tokens without the cache: {same}")


if __name__ == "__main__":
    logging.getLogger("transformers").setLevel(logging.ERROR)
    main()
