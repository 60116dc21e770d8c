"""`data=commands`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import Between, frozen
from attnframe_nlp.recipes.tagged_tokens import TaggedTokens

if TYPE_CHECKING:
    from attnframe_nlp.data.tagged.sentences import SentenceSource


@frozen
class Commands(TaggedTokens):
    """Spoken commands with slots and intents, made by a small grammar: the same words fill several slots, so only what
    is around them tells which.

    Args:
        sentences: how many different ones are made.
    """

    name: ClassVar[str] = "commands"
    summary: ClassVar[str] = "spoken commands with slots and intents, made by a small grammar (no network)"
    with_intents: ClassVar[bool] = True

    sentences: Annotated[int, Between(100, 3000)] = 1500

    def source(self, data_dir: Path) -> SentenceSource:
        from attnframe_nlp.data.tagged.commands import CommandsSource

        return CommandsSource(self.sentences)
