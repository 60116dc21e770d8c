"""`data=protein_ss`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from attnframe.recipe import AtLeast, frozen
from attnframe_nlp.recipes.tagged_tokens import TaggedTokens

if TYPE_CHECKING:
    from attnframe_nlp.data.tagged.sentences import SentenceSource


@frozen
class ProteinStructure(TaggedTokens):
    """The secondary structure of each residue of a protein: helix (H), strand (E) or neither (C). Trained and validated
    on 9,712 and 1,080 proteins of FLIP (Dallago et al. 2021, https://doi.org/10.1101/2021.11.09.467890), whose parts
    are official, so `split` is not used.

    Args:
        test_set: ``cb513``, 511 proteins (Cuff and Barton 1999), or ``flip``, the 364 of FLIP's own test part.
    """

    name: ClassVar[str] = "protein_ss"
    summary: ClassVar[str] = "structure of 2.6 M residues, tested on CB513 (Academic Free License 3.0; 4.3 MB)"
    floor_window: ClassVar[int] = 7
    split_into: ClassVar[Literal["word", "character"]] = "character"

    batch_size: Annotated[int, AtLeast(1)] = 16
    lowercase: bool = False
    max_length: Annotated[int, AtLeast(1)] = 512
    test_set: Literal["cb513", "flip"] = "cb513"

    def source(self, data_dir: Path) -> SentenceSource:
        from attnframe_nlp.data.tagged.protein_ss import ProteinSource

        return ProteinSource(data_dir, self.test_set)

    def download(self, data_dir: Path) -> None:
        from attnframe_nlp.data.sequences.published import ready_all
        from attnframe_nlp.data.tagged.protein_ss import FILES

        ready_all(FILES, data_dir)
