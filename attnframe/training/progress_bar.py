"""A progress bar that costs the loop next to nothing: shown on a terminal only, drawn at most five times a second."""

from __future__ import annotations

import sys
from time import perf_counter
from typing import TYPE_CHECKING

from attnframe.training.budget import Budget

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

INTERVAL = 0.2


class ProgressBar:
    """Share of the budget used up, speed, and the main metric of the last validation.

    Args:
        metric: the main metric without its stage.
        enabled: False never shows it.
    """

    def __init__(self, metric: str, enabled: bool) -> None:
        self.metric = metric
        self.enabled = enabled and sys.stderr.isatty()
        self._bar: Progress | None = None
        self._task: TaskID
        self._drawn = 0.0
        self._text = ""

    def start(self) -> None:
        """Show the bar."""
        if not self.enabled:
            return
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        self._bar = Progress(*columns, console=Console(stderr=True), auto_refresh=False)
        self._task = self._bar.add_task("step 0", total=1.0)
        self._bar.start()

    def update(self, step: int, budget: Budget, seconds: float, metrics: dict[str, float] | None = None) -> None:
        """Tell the bar where the run is; it draws when the last drawing is long enough ago."""
        if self._bar is None:
            return
        if metrics and f"val/{self.metric}" in metrics:
            self._text = f"  val/{self.metric} {metrics[f'val/{self.metric}']:.4f}"
        now = perf_counter()
        if now - self._drawn >= INTERVAL:
            self._drawn = now
            self._bar.update(
                self._task, completed=budget.share(step, seconds), description=f"step {step}{self._text}", refresh=True
            )

    def stop(self) -> None:
        """Leave the bar as it is."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
