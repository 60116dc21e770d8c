"""environment.json: what a run was made with."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import attnframe

PACKAGES = (
    "torch",
    "pytorch-lightning",
    "torchmetrics",
    "torchvision",
    "torchaudio",
    "tokenizers",
    "scikit-learn",
    "numpy",
    "hydra-core",
)


def describe_environment(*, device: str, threads: int, seed: int, data_hash: str, plugin: str) -> dict[str, Any]:
    """Versions, git commit, hardware, time of the start, data hash and seeds, as plain values.

    Args:
        device: the device in words. threads: threads of CPU work.
        seed: the run's seed. data_hash: sha256 of the data. plugin: name of the plugin.
    """
    return {
        "attnframe": attnframe.__version__,
        "plugin": plugin,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: version for name in PACKAGES if (version := version_of(name)) is not None},
        "git_commit": commit(),
        "device": device,
        "hardware": hardware(),
        "started": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "threads": threads,
        "data_hash": data_hash,
        "seeds": {"run": seed, "split": 0},
        "command": sys.argv,
    }


def version_of(package: str) -> str | None:
    """The version of a distribution; None when it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def git_commit() -> str | None:
    """Commit of the checkout that attnframe runs from, or else of the current folder; None outside of git."""
    for folder in (Path(attnframe.__file__).parent, Path.cwd()):
        try:
            done = subprocess.run(
                ["git", "-C", str(folder), "rev-parse", "HEAD"], capture_output=True, text=True, timeout=5, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        if done.returncode == 0:
            return done.stdout.strip()
    return None


def commit() -> str | None:
    """The commit that runs, marked when files of the package differ from it; None outside of git."""
    head = git_commit()
    if head is None:
        return None
    root = str(Path(attnframe.__file__).parents[1])
    # What was recorded changes no run.
    places = ["attnframe", "plugins", "conf", ":(exclude)plugins/*/conf/baseline/records/*"]
    words = ["git", "-C", root, "status", "--porcelain", "-uno", "--", *places]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return head
    return f"{head}+changes" if done.returncode == 0 and done.stdout.strip() else head


def processor() -> str:
    """The processor's name as the system gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def hardware() -> str:
    """Processor and number of its cores, in words."""
    return f"{processor()}, {os.cpu_count()} cores"
