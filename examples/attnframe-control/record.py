"""Records the baselines of this package: runs them and writes one JSON file each beside their definitions.

    python record.py [NAME ...]              all rows of attnframe_control/conf/baseline when none is named
    python record.py --control [NAME ...]    the same without attention, recorded as control-NAME.json

Each row is a set of `attnframe train` commands, run one after another. The runs are kept in runs/record/, so that a
recording that was cut off goes on where it stopped. A record holds what the runs' own files say: nothing is typed in.
Public sets are read from ATTNFRAME_DATA_DIR.
"""

from __future__ import annotations

import datetime
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
ROWS = HERE / "attnframe_control" / "conf" / "baseline"
RECORDS = ROWS / "records"
CONTROL = ("attention=none", "floor=false")
KEPT = ("seed", "status", "metrics", "floor", "parameters", "seconds", "throughput", "peak_memory_bytes")


def rows() -> dict[str, dict[str, Any]]:
    """Every row by name."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(ROWS.glob("*.yaml")):
        found |= yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def run(overrides: list[str], folder: Path) -> dict[str, Any]:
    """One run, done already or made now: what its files say."""
    done = folder / "result.json"
    if not done.exists() or json.loads(done.read_text(encoding="utf-8"))["status"] != "ok":
        begun = (folder / "checkpoints" / "last.ckpt").exists()
        if not begun:
            shutil.rmtree(folder, ignore_errors=True)  # what was cut off before its first checkpoint
        fresh = [*overrides, f"hydra.run.dir={folder}", "trainer.progress=false"]
        command = [str(Path(sys.executable).with_name("attnframe")), "train"]
        subprocess.run([*command, *([f"resume={folder}"] if begun else fresh)], check=True)
    result = json.loads(done.read_text(encoding="utf-8"))
    environment = json.loads((folder / "environment.json").read_text(encoding="utf-8"))
    told = {name: environment[name] for name in ("data_hash", "git_commit")}
    return {key: result[key] for key in KEPT} | told | {"versions": environment["packages"]}


def record(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """The record of a row, all repeats run."""
    ((key, values),) = row["repeats"].items()
    runs = []
    for value in values:
        repeat = f"{key}={value}"
        runs.append(
            {"repeat": repeat}
            | run([*row["overrides"], repeat], HERE / "runs" / "record" / name / repeat.replace("=", "-"))
        )
    numbers = [one["metrics"][row["metric"]] for one in runs]
    mean, bar = statistics.fmean(numbers), row.get("bar")
    versions = [one.pop("versions") for one in runs]
    commits = {one.pop("git_commit") for one in runs}
    return {
        "command": " ".join(["attnframe", "train", *row["overrides"]]),
        "protocol": row["protocol"],
        "published": "; ".join(f"{one['value']:g}, {one['source']}" for one in row.get("published", [])),
        "metric": row["metric"],
        "mean": mean,
        "deviation": statistics.stdev(numbers) if len(numbers) > 1 else None,
        "bar": bar,
        "reached": None if bar is None else (mean >= bar if row["better"] == "max" else mean <= bar),
        "runs": runs,
        "commit": ", ".join(sorted(filter(None, commits))),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "hardware": f"{platform.machine()}, {len(os.sched_getaffinity(0))} of {os.cpu_count()} cores",
        "versions": versions[-1],
    }


def main() -> None:
    """Record the rows that are named."""
    known = rows()
    control = "--control" in sys.argv[1:]
    names = [name for name in sys.argv[1:] if name != "--control"] or list(known)
    if unknown := sorted(set(names) - set(known)):
        raise SystemExit(f"unknown: {', '.join(unknown)}; known: {', '.join(known)}")
    RECORDS.mkdir(exist_ok=True)
    for name in names:
        kind, row = "quality", known[name]
        if control:
            kind, row = "control", row | {"overrides": [*row["overrides"], *CONTROL], "bar": None}
        content = record(f"control-{name}" if control else name, row)
        target = RECORDS / f"{kind}-{name}.json"
        target.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        print(f"{name}: {content['metric']} {content['mean']:.4f} (bar {content['bar']}) in {target.name}", flush=True)


if __name__ == "__main__":
    main()
