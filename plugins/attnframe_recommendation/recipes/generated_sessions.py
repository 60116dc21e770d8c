"""`data=generated_sessions`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.plugin.contract import Facts
from attnframe.recipe import AtLeast, frozen
from attnframe_recommendation.recipes.interactions import InteractionData, nominal

if TYPE_CHECKING:
    from attnframe_recommendation.data.module import InteractionModule


@frozen
class GeneratedSessions(InteractionData):
    """Sessions of a second-order Markov process over 72 items in 6 groups: the next group is told by the last two
    items together, and by neither alone. The ranking by the process itself is shown as ``best possible``.

    Args:
        users: sessions that are drawn; the same ones, with seed 0, in every run.
    """

    name: ClassVar[str] = "generated_sessions"
    summary: ClassVar[str] = "2,000 generated sessions over 72 items with a known best possible score (no network)"

    max_length: Annotated[int, AtLeast(2)] = 16
    users: Annotated[int, AtLeast(10)] = 2000

    def nominal_facts(self) -> Facts:
        return nominal(72, self.max_length)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> InteractionModule:
        from attnframe_recommendation.data.generated_sessions import best_possible, generated_sessions
        from attnframe_recommendation.data.module import InteractionModule

        return InteractionModule(self, lambda: generated_sessions(self.users), seed, best_possible)
