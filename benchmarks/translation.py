"""Speed of translation: beam search of 5 beside transformers' `generate` with a Marian of equal size, in turn, on CPU.

    python benchmarks/translation.py [CASE ...] [--rounds 5] [--threads 2]

Both models have 3 + 3 blocks of width 256 with 4 heads, one vocabulary of 10,000 tokens and random weights, and read
sentences of 24 tokens. What both write has the same lengths, because the end of a sentence is made certain at its
length and impossible before it:

- mixed: 64 sentences in batches of 32, translations of 4 to 30 tokens, as descriptions of pictures have (mean 14)
- equal: 32 sentences, translations of 24 tokens, so that nothing can end early
- single: one sentence, a translation of 24 tokens

Writes benchmarks/results/speed-translation_CASE.json. Bar: twice the sentences a second.
"""

from __future__ import annotations

import argparse
import logging
import warnings
from collections.abc import Iterable
from importlib.metadata import version

import torch
from interleaved import Step, rounds, write
from torch import Tensor

from attnframe.models import Caches, Conditional, beam_search
from attnframe.models.conditional import ContextCaches
from attnframe.plugin.contract import Parts
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.position.learned import LearnedScheme

READ, LONGEST, VOCABULARY, BEAMS, BATCH = 24, 30, 10_000, 5, 32
END, NEVER = 2, -float("inf")


def mixed_lengths(count: int) -> Tensor:
    """Tokens of translations, the end among them."""
    return torch.randn(count).mul(5).add(14).round().clamp(4, LONGEST).long()


CASES = {
    "mixed": lambda: mixed_lengths(2 * BATCH),
    "equal": lambda: torch.full((BATCH,), READ),
    "single": lambda: torch.full((1,), READ),
}


class Lengths:
    """Lengths of the sentences that are still written, in the order of the search's rows.

    Args:
        lengths: (N,).
    """

    def __init__(self, lengths: Tensor) -> None:
        self.lengths = lengths

    def end(self, logits: Tensor, written: int) -> Tensor:
        """Logits (N x beams, V) after `written` tokens with the end certain or impossible, changed in place."""
        ends = (self.lengths == written + 1).repeat_interleave(BEAMS)
        logits[:, END] = NEVER
        logits[ends] = NEVER
        logits[ends, END] = 0.0
        return logits


class Scripted(Conditional):
    """Our decoder with a context, whose sentences end where they must.

    Args:
        model: our translator. source: (N, S) tokens. lengths: (N,) of the translations.
    """

    def __init__(self, model: torch.nn.Module, source: Tensor, lengths: Tensor) -> None:
        context = model.network.encode(model.embedded_source(source))
        super().__init__(model.network.decoder, model.embedded_target, model.head, context)
        self.script, self.seen = Lengths(lengths), 0

    def next_logits(self, tokens: Tensor, caches: Caches | None = None) -> Tensor:
        assert isinstance(caches, ContextCaches)
        if len(caches.context) < len(self.script.lengths):  # Those that ended left: the ones that go on are longer.
            self.script.lengths = self.script.lengths[self.script.lengths > self.seen]
        logits = self.script.end(super().next_logits(tokens, caches), self.seen)
        self.seen += 1
        return logits


def batches(source: Tensor, lengths: Tensor) -> Iterable[tuple[Tensor, Tensor]]:
    """Sentences and lengths of each batch, as they come."""
    return zip(source.split(BATCH), lengths.split(BATCH), strict=True)


def ours(source: Tensor, lengths: Tensor) -> Step:
    """Our nlp plugin's translator: the encoder once a batch, then the search through its caches."""
    from attnframe_nlp.recipes.translation_transformer import TranslationTransformer
    from attnframe_nlp.translator import Translator

    model = TranslationTransformer(dim=256, depth=3, norm="layer", activation="gelu")
    parts = Parts(attention=MultiHeadAttention(num_heads=4), position=LearnedScheme(), model=model)
    facts = {"joint": True, "target_size": VOCABULARY, "source_size": VOCABULARY, "max_length": 64}
    module = Translator(parts, facts).eval()

    @torch.inference_mode()
    def step() -> None:
        for some, wanted in batches(source, lengths):
            begin = torch.ones(len(some), 1, dtype=torch.int64)
            scripted = Scripted(module, some, wanted)
            found = beam_search(scripted, begin, LONGEST, stop=END, beams=BEAMS, length_penalty=1.0)
            assert torch.equal((found.tokens != END).sum(1) + 1, wanted)

    return step


def theirs(source: Tensor, lengths: Tensor) -> Step:
    from transformers import LogitsProcessor, LogitsProcessorList, MarianConfig, MarianMTModel

    config = MarianConfig(
        vocab_size=VOCABULARY, d_model=256, encoder_layers=3, decoder_layers=3, encoder_attention_heads=4,
        decoder_attention_heads=4, encoder_ffn_dim=1024, decoder_ffn_dim=1024, max_position_embeddings=64,
        pad_token_id=0, eos_token_id=END, decoder_start_token_id=1, forced_eos_token_id=None,
    )  # fmt: skip
    model = MarianMTModel(config).eval()

    class Script(LogitsProcessor):
        def __init__(self, wanted: Tensor) -> None:
            self.script = Lengths(wanted)

        def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
            return self.script.end(scores, input_ids.shape[1] - 1)

    @torch.inference_mode()
    def step() -> None:
        for some, wanted in batches(source, lengths):
            out = model.generate(
                some, num_beams=BEAMS, do_sample=False, max_new_tokens=LONGEST, length_penalty=1.0,
                logits_processor=LogitsProcessorList([Script(wanted)]),
            )  # fmt: skip
            assert torch.equal((out[:, 1:] > END).sum(1) + 1, wanted)

    return step


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", choices=[[], *CASES], help="all when none is named")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    for case in given.cases or CASES:
        torch.manual_seed(0)
        lengths = CASES[case]()
        source = torch.randint(3, VOCABULARY, (len(lengths), READ))
        times = rounds({"attnframe": ours(source, lengths), "transformers": theirs(source, lengths)}, 0.0, given.rounds)
        record = write(
            f"translation_{case}",
            f"translation with {BEAMS} beams, {case}, 256 x 3 + 3, vocabulary 10,000",
            times,
            "attnframe",
            bar=2.0,
            versions={"transformers": version("transformers")},
        )
        speeds = {name: len(lengths) * 1e3 / taken for name, taken in record["milliseconds"].items()}
        told = ", ".join(f"{name} {speed:.2f} sentences/s" for name, speed in speeds.items())
        print(f"{case}: {told}; ratio {record['ratios']['transformers']:.2f} (bar 2)", flush=True)


if __name__ == "__main__":
    logging.getLogger("transformers").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="transformers")
    main()
