"""Seconds that `attnframe explain` takes for every task, and whether its maps are faithful.

    python benchmarks/explaining.py [--time 00:00:00:20] [TASK ...]

Each task is trained on its default data for a short time, then the inputs that the task itself gives as an example are
explained by the command as a user types it, all settings at their defaults, in a new process. Writes
benchmarks/results/explaining.json. Bar: 20 s a task.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import records

from attnframe.api import load
from attnframe.plugin.discovery import discover, load_found

ATTNFRAME = str(Path(sys.executable).with_name("attnframe"))
BAR = 20.0


def measured(task: str, budget: str, folder: Path) -> dict[str, Any]:
    """How long one task takes to explain, and how many of its readings are faithful."""
    run = folder / "run"
    quiet = ["trainer.progress=false", "floor=false", f"trainer.max_time={budget}", f"hydra.run.dir={run}"]
    subprocess.run([ATTNFRAME, "train", f"task={task}", *quiet], check=True, capture_output=True)
    checkpoint = run / "checkpoints" / "best.ckpt"
    source = load(checkpoint).module.example_input(folder)
    begin = time.perf_counter()
    words = [ATTNFRAME, "explain", f"ckpt={checkpoint}", f"input={source}", f"output={folder / 'explained'}"]
    subprocess.run(words, check=True, capture_output=True)
    taken = time.perf_counter() - begin
    told = json.loads((folder / "explained" / "explanation.json").read_text(encoding="utf-8"))["explanations"]
    return {
        "seconds": round(taken, 1),
        "bytes": (folder / "explained" / "explanation.html").stat().st_size,
        "inputs": len(told),
        "faithful": sum(one["faithful"] for one in told),
        "beaten": [
            {name: reading["random_orders_beaten"] for name, reading in one["readings"].items()} for one in told
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tasks", nargs="*", metavar="TASK")
    parser.add_argument("--time", default="00:00:00:20", help="budget of each training")
    given = parser.parse_args()
    known = [task.name for found in discover().plugins for task in load_found(found).tasks.values()]
    rows = {}
    for task in given.tasks or known:
        with tempfile.TemporaryDirectory() as folder:
            rows[task] = row = measured(task, given.time, Path(folder))
        print(f"{task:28} {row['seconds']:6.1f} s, {row['faithful']} of {row['inputs']} faithful", flush=True)
    if given.tasks:  # A part is looked at and not kept.
        return
    record = {
        "command": f"python benchmarks/explaining.py --time {given.time}",
        "trained": given.time,
        "bar": BAR,
        "reached": all(row["seconds"] <= BAR for row in rows.values()),
        "tasks": rows,
    }
    records.write("explaining", record)


if __name__ == "__main__":
    main()
