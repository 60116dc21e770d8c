"""The folder of one run: its files, by name. Torch-free."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from attnframe.errors import ConfigurationError, Fault
from attnframe.runs.atomic import remove_partial_files, write_text


def new_folder(kind: str) -> Path:
    """A name for a new folder of the current one: ``runs/<kind>/<time>-<id>``.

    Args:
        kind: what lies in such folders.
    """
    return Path("runs") / kind / f"{time.strftime('%Y-%m-%d_%H-%M-%S')}-{secrets.token_hex(3)}"


@dataclass(frozen=True)
class RunFolder:
    """Paths and plain files of one run.

    Args:
        path: the folder; made by `begin`.
    """

    path: Path

    @property
    def config(self) -> Path:
        """The resolved configuration."""
        return self.path / "config.yaml"

    @property
    def overrides(self) -> Path:
        """The overrides as typed, one a line."""
        return self.path / "overrides.txt"

    @property
    def environment(self) -> Path:
        """Versions, commit, hardware, start, data hash and seeds."""
        return self.path / "environment.json"

    @property
    def metrics(self) -> Path:
        """Rows of the training log."""
        return self.path / "metrics.csv"

    @property
    def result(self) -> Path:
        """How the run ended."""
        return self.path / "result.json"

    @property
    def panels(self) -> Path:
        """What a report draws of the test examples and of attention."""
        return self.path / "panels.json"

    @property
    def report(self) -> Path:
        """The page about the run."""
        return self.path / "report.html"

    @property
    def log(self) -> Path:
        """Messages and the traces of failures."""
        return self.path / "run.log"

    @property
    def best(self) -> Path:
        """Checkpoint of the best validation; what is evaluated and used."""
        return self.path / "checkpoints" / "best.ckpt"

    @property
    def last(self) -> Path:
        """Checkpoint that a resumed run goes on from."""
        return self.path / "checkpoints" / "last.ckpt"

    @property
    def control(self) -> RunFolder:
        """The run of the control, inside this one."""
        return RunFolder(self.path / "control")

    def begin(self, values: Mapping[str, Any], overrides: Sequence[str]) -> None:
        """Make the folder with its configuration; a configuration that is already there stays as it is.

        Args:
            values: the resolved configuration, plain values only.
            overrides: the overrides as typed.
        """
        (self.path / "checkpoints").mkdir(parents=True, exist_ok=True)
        remove_partial_files(self.path)
        remove_partial_files(self.path / "checkpoints")
        if not self.config.exists():
            write_text(self.overrides, "".join(f"{override}\n" for override in overrides))
            write_text(self.config, yaml.safe_dump(dict(values), sort_keys=False, allow_unicode=True))

    def is_fresh(self) -> bool:
        """Whether nothing was trained in this folder yet."""
        return not any(path.exists() for path in (self.result, self.metrics, self.best, self.last))

    def withdraw(self) -> None:
        """Remove a fresh run, because its configuration turned out wrong before anything was trained.

        Only the run's own files go, and the folder when nothing else lies in it: a user may have named a folder in use.
        """
        if not self.is_fresh():
            return
        for file in (self.config, self.overrides, self.environment, self.log):
            file.unlink(missing_ok=True)
        for folder in (self.best.parent, self.path):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()

    def read_config(self) -> tuple[dict[str, Any], tuple[str, ...]]:
        """The resolved configuration and the overrides of the run.

        Raises:
            ConfigurationError: when the folder is no run.
        """
        where = f"resume ({self.path})"
        if not self.config.is_file():
            got = "a folder without config.yaml" if self.path.is_dir() else "no folder"
            works = "Runs lie in runs/<plugin>-<task>/<time>-<id> of the folder they were started in."
            raise ConfigurationError(Fault(where, "must be the folder of a run", got, works))
        try:
            values = yaml.safe_load(self.config.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                Fault(where, "must hold a readable config.yaml", str(error).replace("\n", " "))
            ) from error
        if not isinstance(values, dict) or "plugin" not in values or "task" not in values:
            raise ConfigurationError(Fault(where, "must hold the config.yaml of a run", f"keys {list(values or ())}"))
        lines = self.overrides.read_text(encoding="utf-8").splitlines() if self.overrides.exists() else []
        return values, tuple(lines)

    def read_result(self) -> dict[str, Any] | None:
        """What `result.json` says; None while there is none."""
        if not self.result.exists():
            return None
        result: dict[str, Any] = json.loads(self.result.read_text(encoding="utf-8"))
        return result

    def write_result(self, result: Mapping[str, Any]) -> None:
        """Write `result.json`."""
        write_text(self.result, json.dumps(result, indent=2, ensure_ascii=False) + "\n")
