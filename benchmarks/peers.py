"""Training speed beside other libraries: one whole step of each in turn, on CPU in float32.

    python benchmarks/peers.py [CASE ...] [--seconds 20] [--threads 2]

Cases: vit, lm, seq2seq, patches, inverted, gat, recommendation, recommendation_own, asr, attention; all when none is
named.
Peers come from PyPI: timm torchvision transformers x-transformers torch-geometric torchaudio.
The record of a case, benchmarks/results/speed-CASE.json, holds the median over rounds of each peer's time over ours.
Bars: 0.98 over the fastest peer for whole models,
0.95 over bare scaled_dot_product_attention with the same projections for the attention layer.
"""

from __future__ import annotations

import argparse
import logging
import warnings
from importlib.metadata import version
from typing import Final

import torch
from interleaved import rounds, write
from steps import graph, layer, nlp, recommendation, speech, timeseries, vision
from steps.base import Case

CASES: Final[dict[str, Case]] = {
    name: case
    for domain in (vision, nlp, timeseries, graph, recommendation, speech, layer)
    for name, case in domain.CASES.items()
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", metavar="CASE")
    parser.add_argument("--seconds", type=float, default=20.0, help="time for each peer")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    if unknown := sorted(set(given.cases) - set(CASES)):
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(CASES)}")
    torch.set_num_threads(given.threads)
    for name in given.cases or CASES:
        case = CASES[name]
        torch.manual_seed(0)
        steps = {"attnframe": case.ours(), **{peer: build() for peer, build in case.peers.items()}}
        times = rounds(steps, given.seconds)
        versions = {package: version(package) for package in case.packages}
        record = write(name, case.what, times, "attnframe", bar=case.bar, versions=versions)
        fastest = min(case.against or case.peers, key=record["milliseconds"].__getitem__)
        for peer, ratio in record["ratios"].items():
            print(f"{name}: attnframe beside {peer}: {ratio:.3f} ({record['milliseconds'][peer]:.1f} ms)")
        reached = "reached" if record["ratios"][fastest] >= case.bar else "missed"
        own = record["milliseconds"]["attnframe"]
        print(f"{name}: {own:.1f} ms; bar {case.bar} over {fastest} {reached}", flush=True)


if __name__ == "__main__":
    logging.getLogger("transformers").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="transformers|timm|x_transformers")
    main()
