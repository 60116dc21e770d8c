"""`data=uci_dna`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from attnframe.recipe import AtLeast, frozen
from attnframe_nlp.recipes.labelled_texts import LabelledTexts

if TYPE_CHECKING:
    from attnframe_nlp.data.labelled.texts import TextSource


@frozen
class UciDna(LabelledTexts):
    """Stretches of DNA, letter by letter (Noordewier et al. 1991; Towell et al. 1990, both in the UCI repository).

    One of ten folds is the test part, the first when `fold` is null; validation is cut off the others by `split`.

    Args:
        problem: ``splice``, whether the middle of 60 bases is where an exon ends, where one begins or neither (3,190
            sequences), or ``promoters``, whether 57 bases begin a gene (106 sequences).
    """

    name: ClassVar[str] = "uci_dna"
    summary: ClassVar[str] = "3,190 splice junctions or 106 promoters of genes, 10 folds (UCI, CC BY 4.0; 0.3 MB)"
    folds: ClassVar[int] = 10
    floor_features: ClassVar[Literal["words", "positions"]] = "positions"

    split: tuple[float, float, float] = (0.9, 0.1, 0.0)
    tokens: Literal["word", "character", "byte", "bpe"] = "character"
    lowercase: bool = False
    min_count: Annotated[int, AtLeast(1)] = 1
    max_length: Annotated[int, AtLeast(1)] = 60
    problem: Literal["splice", "promoters"] = "splice"

    def source(self, data_dir: Path) -> TextSource:
        from attnframe_nlp.data.labelled.uci_dna import UciDnaSource

        return UciDnaSource(data_dir, self.problem, self.fold or 0)

    def download(self, data_dir: Path) -> None:
        from attnframe_nlp.data.labelled.uci_dna import FILES
        from attnframe_nlp.data.sequences.published import ready_all

        ready_all(FILES.values(), data_dir)
