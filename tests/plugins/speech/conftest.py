"""Shared by the speech tests: small sound files, and the tasks' modules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from attnframe_speech.frontends.log_mel import LogMel

from attnframe.plugin.contract import Parts, Task
from attnframe.plugin.task_module import TaskModule
from attnframe.recipes.registry import attention_variants, position_schemes

RATE = 8000


def tone(hertz: float, seconds: float = 0.3, level: float = 0.3, rate: int = RATE) -> np.ndarray[Any, Any]:
    """Samples of a tone with a little noise."""
    time = np.arange(round(seconds * rate)) / rate
    noise = np.random.default_rng(round(hertz)).normal(size=len(time))
    return (level * np.sin(2 * np.pi * hertz * time) + 0.003 * noise).astype(np.float32)


@pytest.fixture
def frontend() -> LogMel:
    """A small frontend."""
    return LogMel(RATE, 16)


@pytest.fixture
def write_tone() -> Callable[..., Path]:
    """Writes a sound file; its folder is made."""

    def write(path: Path, hertz: float = 440, *, rate: int = RATE, **fields: float) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, tone(hertz, rate=rate, **fields), rate)
        return path

    return write


@pytest.fixture
def class_folder(tmp_path: Path, write_tone: Callable[..., Path]) -> Path:
    """Five low and five high tones in class folders."""
    for number in range(5):
        write_tone(tmp_path / "tones" / "low" / f"{number}.wav", 300 + 20 * number)
        write_tone(tmp_path / "tones" / "high" / f"{number}.wav", 2000 + 20 * number)
    return tmp_path / "tones"


@pytest.fixture
def build() -> Callable[..., TaskModule]:
    """A small module of a task for facts; attention, position, model and the model's fields may be given."""

    def make(
        task: Task,
        facts: dict[str, Any],
        attention: str = "mha",
        position: str = "sinusoidal",
        model: str = "transformer",
        **fields: Any,
    ) -> TaskModule:
        recipe = task.models[model](**{"dim": 16, "depth": 1, **fields})
        parts = Parts(attention_variants()[attention](num_heads=2), position_schemes()[position](), recipe)
        return task.build(parts, facts)

    return make
