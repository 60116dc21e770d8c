"""environment.json: what a run was made with."""

from __future__ import annotations

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
    """Versions, git commit, device, data hash and seeds, as plain values.

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
        "git_commit": git_commit(),
        "device": device,
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
