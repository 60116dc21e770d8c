"""`data=wikitext2`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from attnframe.recipe import frozen
from attnframe_nlp.recipes.text import TextData

if TYPE_CHECKING:
    from attnframe_nlp.data.source import Source


@frozen
class WikiText2(TextData):
    """WikiText-2, raw (Merity et al. 2016, https://arxiv.org/abs/1609.07843): the official three parts, so `split` is
    not used."""

    name: ClassVar[str] = "wikitext2"
    summary: ClassVar[str] = "articles of Wikipedia, 13 M characters (CC BY-SA 3.0; 4.7 MB)"

    tokenizer: Literal["character", "byte", "bpe"] = "bpe"

    def source(self, data_dir: Path) -> Source:
        from attnframe_nlp.data.wikitext2 import WikiText2Source

        return WikiText2Source(data_dir)

    def download(self, data_dir: Path) -> None:
        from attnframe_nlp.data.wikitext2 import WikiText2Source

        WikiText2Source(data_dir).download()
