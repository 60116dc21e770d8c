"""What a report shows of a test pass besides its metrics."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from torch import Tensor

from attnframe.pictures import Panel


class Exhibit(ABC):
    """Looks on while a module is tested, and then says what to draw.

    It must be cheap: it keeps a few examples, or sums, and leaves what takes time to `panels`, which comes after the
    pass and is not part of its time. It draws no random numbers.
    """

    @abstractmethod
    def update(self, batch: Any, outputs: Tensor) -> None:
        """See one batch of the test examples, as `TaskModule.update_metrics` does, without gradients.

        Args:
            batch: on the module's device. outputs: of its loss, in float32 where they are no integers.
        """

    @abstractmethod
    def panels(self) -> list[Panel]:
        """The drawings, in the order in which they are shown; without gradients, the module in evaluation mode."""
