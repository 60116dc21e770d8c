"""Seconds until the command line answers, and until a run has taken its first optimiser step, with a warm file cache.

    python benchmarks/startup.py [--rounds 7]

Each command is a new process; the median of interleaved rounds counts. Writes benchmarks/results/startup.json. Bars:
0.3 s for help, lists and completion, 8 s to the first step on digits. For scale, since machines differ: what Python
itself takes to begin, and what the imports of torch and Lightning take, which every run waits for.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import records
from interleaved import rounds

ATTNFRAME = str(Path(sys.executable).with_name("attnframe"))
ANSWERS = {
    "--help": ["--help"],
    "train --help": ["train", "--help"],
    "list attention": ["list", "attention"],
    "list tasks": ["list", "tasks"],
    "tab completion": ["completion", "candidates", "attnframe train plugin=vision attention="],
}
SCALE = {"python": "pass", "import torch, pytorch_lightning": "import torch, pytorch_lightning"}
FIRST_STEP = ["train", "plugin=vision", "attention=gqa", "trainer.log_every_steps=1", "trainer.progress=false"]


def answer(words: list[str]) -> None:
    """Run a command that only prints."""
    subprocess.run(words, check=True, capture_output=True)


def first_step() -> float:
    """Seconds from the command to the row of the first step in metrics.csv; the run is then stopped."""
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        words = [ATTNFRAME, *FIRST_STEP, f"hydra.run.dir={folder}/run"]
        run = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        log = Path(folder, "run", "metrics.csv")
        while not (log.exists() and log.read_bytes().count(b"\n") > 1):
            if run.poll() is not None:
                raise SystemExit(f"{' '.join(words)} ended with exit code {run.returncode} before a step")
            time.sleep(0.01)
        taken = time.perf_counter() - begin
        run.kill()
        run.wait()
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    steps = {name: lambda words=words: answer([ATTNFRAME, *words]) for name, words in ANSWERS.items()}
    steps |= {name: lambda code=code: answer([sys.executable, "-c", code]) for name, code in SCALE.items()}
    times = rounds(steps, 0, given.rounds)
    first_step()
    times["first optimiser step, digits"] = [first_step() for _ in range(given.rounds)]
    record = {
        "command": "python benchmarks/startup.py",
        "seconds": {name: statistics.median(taken) for name, taken in times.items()},
        "bars": {"answers": 0.3, "first step": 8.0},
        "rounds": given.rounds,
    }
    records.write("startup", record)
    for name, seconds in record["seconds"].items():
        print(f"{name:32} {seconds:6.2f} s")


if __name__ == "__main__":
    main()
