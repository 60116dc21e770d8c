"""How long a run may last, and which share of that is used up."""

from __future__ import annotations

from dataclasses import dataclass

from attnframe.recipes.trainer import TrainerRecipe

TIME_GRACE = 0.05
"""Share of max_time by which time must be ahead of steps and epochs before it counts. A run that its steps or epochs
end depends on no clock then, and can be repeated bit for bit."""


@dataclass(frozen=True)
class Budget:
    """Limits of one run, in optimiser steps and seconds.

    Args:
        steps: last step, from max_steps or max_epochs, whichever comes first; None for no limit.
        seconds: wall time of the fit; None for no limit.
    """

    steps: int | None
    seconds: float | None

    @staticmethod
    def of(trainer: TrainerRecipe, steps_per_epoch: int) -> Budget:
        """The budget of a run whose epochs have `steps_per_epoch` optimiser steps."""
        limits = []
        if trainer.max_steps is not None:
            limits.append(trainer.max_steps)
        if trainer.max_epochs is not None:
            limits.append(trainer.max_epochs * steps_per_epoch)
        return Budget(min(limits, default=None), None if trainer.max_time is None else seconds_of(trainer.max_time))

    def share(self, steps: float, seconds: float) -> float:
        """Share used up, in [0, 1]: the largest of the budgets' shares."""
        if self.steps is None:
            return min(1.0, seconds / self.seconds) if self.seconds else 1.0
        share = steps / self.steps
        if self.seconds:
            share = max(share, (seconds / self.seconds - TIME_GRACE) / (1 - TIME_GRACE))
        return min(1.0, share)

    def is_used_up(self, steps: int, seconds: float) -> bool:
        """Whether the run must end."""
        return (self.steps is not None and steps >= self.steps) or (
            self.seconds is not None and seconds >= self.seconds
        )


def seconds_of(duration: str) -> int:
    """Seconds of DD:HH:MM:SS."""
    days, hours, minutes, seconds = (int(part) for part in duration.split(":"))
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
