"""`data=multi30k`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from attnframe.errors import Fault
from attnframe.recipe import frozen
from attnframe_nlp.recipes.sentence_pairs import SentencePairs

if TYPE_CHECKING:
    from attnframe_nlp.sentence_pairs.pairs import PairSource


@frozen
class Multi30k(SentencePairs):
    """Descriptions of pictures in English and German (Elliott et al. 2016, https://aclanthology.org/W16-3210): task 1,
    untokenised; 29,000 pairs to train on, 1,014 to validate. `split` is not used.

    Args:
        source: ``de`` or ``en``.
        target: the other.
        test: the test part: ``2016_flickr`` (1,000 pairs), ``2017_flickr`` (1,000) or ``2017_mscoco`` (461).
    """

    name: ClassVar[str] = "multi30k"
    summary: ClassVar[str] = "31,014 descriptions of pictures, German and English (CC BY-NC-SA 4.0; 1.4 MB)"

    source: str | None = "de"
    target: str | None = "en"
    test: Literal["2016_flickr", "2017_flickr", "2017_mscoco"] = "2016_flickr"

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        for name in ("source", "target"):
            if getattr(self, name) not in ("de", "en"):
                yield self.fault(name, "must be de or en")

    def pairs(self, data_dir: Path) -> PairSource:
        from attnframe_nlp.sentence_pairs.multi30k import Multi30kSource

        return Multi30kSource(data_dir, str(self.source), str(self.target), self.test)

    def download(self, data_dir: Path) -> None:
        from attnframe_nlp.sentence_pairs.multi30k import Multi30kSource

        Multi30kSource(data_dir, str(self.source), str(self.target), self.test).download()
