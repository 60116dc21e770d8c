"""`data=tinyshakespeare`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.recipe import frozen
from attnframe_nlp.recipes.text import TextData

if TYPE_CHECKING:
    from attnframe_nlp.data.source import Source


@frozen
class TinyShakespeare(TextData):
    """Forty thousand lines of Shakespeare's plays (Karpathy 2015, char-rnn).

    The published protocol trains on the first 1,003,854 characters and reports the loss on the last 111,540, which it
    calls validation. Those are the test part here, whole; what selects the checkpoint is the beginning of the training
    characters. A `split` whose last fraction is 0.1 keeps that comparison.
    """

    name: ClassVar[str] = "tinyshakespeare"
    summary: ClassVar[str] = "plays of Shakespeare, 1.1 M characters (public domain; github.com/karpathy/char-rnn)"

    split: tuple[float, float, float] = (0.89, 0.01, 0.1)

    def source(self, data_dir: Path) -> Source:
        from attnframe_nlp.data.tinyshakespeare import TinyShakespeareSource

        return TinyShakespeareSource(data_dir, self.split)

    def download(self, data_dir: Path) -> None:
        from attnframe_nlp.data.tinyshakespeare import TinyShakespeareSource

        TinyShakespeareSource(data_dir, self.split).download()
