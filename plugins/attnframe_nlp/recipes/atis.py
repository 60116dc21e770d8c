"""`data=atis` of sequence tagging. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import AtLeast, frozen
from attnframe_nlp.recipes.tagged_tokens import TaggedTokens

if TYPE_CHECKING:
    from attnframe_nlp.data.tagged.sentences import SentenceSource


@frozen
class Atis(TaggedTokens):
    """What travellers ask of an airline, with slots and intents (Hemphill et al. 1990,
    https://aclanthology.org/H90-1021), in the parts of Goo et al. 2018 (https://aclanthology.org/N18-2118): 4,478, 500
    and 893 sentences, so `split` is not used."""

    name: ClassVar[str] = "atis"
    summary: ClassVar[str] = "5,871 requests of air travellers with intents and slots (for research; 1 MB)"
    with_intents: ClassVar[bool] = True

    min_count: Annotated[int, AtLeast(1)] = 1
    max_length: Annotated[int, AtLeast(1)] = 64

    def source(self, data_dir: Path) -> SentenceSource:
        from attnframe_nlp.data.tagged.atis import AtisSource

        return AtisSource(data_dir)

    def download(self, data_dir: Path) -> None:
        from attnframe_nlp.data.sequences.published import ready_all
        from attnframe_nlp.data.tagged.atis import FILES

        ready_all(FILES, data_dir)
