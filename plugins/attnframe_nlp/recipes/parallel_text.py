"""`data=parallel_text`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import Fault
from attnframe.recipe import frozen
from attnframe_nlp.recipes.sentence_pairs import SentencePairs

if TYPE_CHECKING:
    from attnframe_nlp.sentence_pairs.pairs import PairSource


@frozen
class ParallelText(SentencePairs):
    """A user's own sentences: a folder of UTF-8 files with one sentence a line, line i of ``train.de`` translated in
    line i of ``train.en``; likewise ``dev`` (or ``val``, ``valid``) and ``test``, which are split off train by `split`
    where they are missing.

    Args:
        path: the folder.
        source: ending of the files that are translated from, e.g. ``de``.
        target: ending of the files that are translated into, e.g. ``en``.
    """

    name: ClassVar[str] = "parallel_text"
    summary: ClassVar[str] = "your own sentences: data.path=DIR data.source=de data.target=en (train.de, train.en, …)"

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.path is None:
            yield self.fault("path", "must be given", "Try data.path=DIR.")
        elif (self.source is None or self.target is None) and not Path(self.path).is_dir():
            yield self.fault("path", "must be a folder that exists")

    def _advice(self, name: str) -> str:
        there = sorted({path.suffix[1:] for path in Path(self.path).glob("train.*")}) if self.path else []
        return f"The folder holds train in {', '.join(there)}." if there else super()._advice(name)

    def pairs(self, data_dir: Path) -> PairSource:
        from attnframe_nlp.sentence_pairs.parallel_text import ParallelTextSource

        return ParallelTextSource(Path(self.path or ""), str(self.source), str(self.target), self.split)
