"""Records baselines of the registry: runs them and writes one JSON record each to benchmarks/results/.

    python benchmarks/quality.py [NAME ...]              all rows when none is named; --list names them
    python benchmarks/quality.py --control [NAME ...]    the same with attention=none, recorded as control-NAME.json

What a row is stands in the plugins' conf/baseline/*.yaml. Each is a set of `attnframe train` commands, run one after
another through the command line that users have. The public sets are read from ATTNFRAME_DATA_DIR. A record holds what
each run's own files say: nothing is typed in.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from attnframe.baselines.definition import Definition, definitions
from attnframe.baselines.registry import record_file
from attnframe.runs.environment import commit, hardware

CONTROL = ("attention=none", "floor=false")


def short_pairs(folder: Path) -> None:
    """50,000 short pairs: the 29,000 captions that multi30k trains on and 21,000 numbers in words, mixed."""
    from attnframe_nlp.sentence_pairs.multi30k import Multi30kSource
    from attnframe_nlp.sentence_pairs.number_words import drawn, in_words

    source = Multi30kSource(Path(os.environ["ATTNFRAME_DATA_DIR"]), "de", "en", "2016_flickr")
    pairs = [*source.read().parts["train"]]
    pairs += [(in_words(number, "de"), in_words(number, "en")) for number in drawn(50_000 - len(pairs))]
    random.Random(0).shuffle(pairs)
    for place, ending in enumerate(("de", "en")):
        (folder / f"train.{ending}").write_text("".join(f"{pair[place]}\n" for pair in pairs), encoding="utf-8")


FILES: dict[str, Callable[[Path], None]] = {"parallel_text": short_pairs}
"""What writes a user's own files to a folder, which FILES stands for in the overrides of a row."""


def attnframe(arguments: Sequence[str]) -> None:
    """Run one command line, without a progress bar."""
    full = [*arguments, "trainer.progress=false"]
    done = subprocess.run([str(Path(sys.executable).with_name("attnframe")), *full], check=False)
    if done.returncode:
        raise SystemExit(f"attnframe {' '.join(full)} ended with exit code {done.returncode}")


def run(name: str, row: Definition, folder: Path) -> dict[str, Any]:
    """Run every repeat of a row and collect what the runs recorded."""
    runs = []
    overrides = [*row.overrides]
    if row.files:
        files = folder / "files"
        files.mkdir()
        FILES[name](files)
        overrides = [override.replace("FILES", str(files)) for override in overrides]
    began = perf_counter()
    if row.together:
        key, values = next(iter(row.repeats.items()))
        sweep = f"{key}={','.join(map(str, values))}"
        attnframe(["train", "-m", *overrides, sweep, f"hydra.sweep.dir={folder}"])
    for number, repeat in enumerate(row.repeated):
        where = folder / (str(number) if row.together else repeat.replace("=", "-"))
        if not row.together:
            attnframe(["train", *overrides, repeat, f"hydra.run.dir={where}"])
        result = json.loads((where / "result.json").read_text(encoding="utf-8"))
        environment = json.loads((where / "environment.json").read_text(encoding="utf-8"))
        keep = ("seed", "status", "metrics", "floor", "parameters", "seconds", "throughput", "peak_memory_bytes")
        runs.append({"repeat": repeat} | {key: result[key] for key in keep} | {"data_hash": environment["data_hash"]})
    values = [one["metrics"][row.metric] for one in runs]
    mean = statistics.fmean(values)
    reached = None if row.bar is None else (mean >= row.bar if row.better == "max" else mean <= row.bar)
    return {
        "command": row.command,
        "protocol": row.protocol,
        "published": row.published_text,
        "metric": row.metric,
        "mean": mean,
        "deviation": statistics.stdev(values) if len(values) > 1 else None,
        "bar": row.bar,
        "reached": reached,
        "wall_seconds": round(perf_counter() - began, 1),
        "runs": runs,
        "commit": commit(),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "hardware": hardware(),
        "versions": environment["packages"],
    }


def main() -> None:
    rows = definitions()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--control", action="store_true", help="run the rows without attention")
    parser.add_argument("--list", action="store_true", help="name the rows and leave")
    given = parser.parse_args()
    if given.list:
        print("\n".join(rows))
        return
    unknown = sorted(set(given.names) - set(rows))
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(rows)}")
    for name in given.names or rows:
        row, target = rows[name], record_file(name, rows[name], control=given.control)
        if given.control:
            row = row.replace(overrides=(*row.overrides, *CONTROL), bar=None)
        with tempfile.TemporaryDirectory() as folder:
            record = run(name, row, Path(folder))
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        print(f"{name}: {record['metric']} {record['mean']:.4f} (bar {record['bar']}) in {target.name}", flush=True)


if __name__ == "__main__":
    main()
