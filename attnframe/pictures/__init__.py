"""Drawing without torch: numbers in, self-contained SVG and HTML out.

Every function gives markup as text, well-formed as XML and the same for the same numbers; texts are escaped. `page`
makes one offline document of them.
"""

from attnframe.pictures.bars import bars
from attnframe.pictures.graph import graph
from attnframe.pictures.heatmap import heatmap
from attnframe.pictures.image import Box, image
from attnframe.pictures.lines import Line, lines
from attnframe.pictures.page import Section, page
from attnframe.pictures.panel import Panel, draw
from attnframe.pictures.points import points
from attnframe.pictures.prose import details, gallery, paragraph, preformatted, remark
from attnframe.pictures.table import table
from attnframe.pictures.thumbnails import thumbnails
from attnframe.pictures.tokens import tokens

__all__ = [
    "Box",
    "Line",
    "Panel",
    "Section",
    "bars",
    "details",
    "draw",
    "gallery",
    "graph",
    "heatmap",
    "image",
    "lines",
    "page",
    "paragraph",
    "points",
    "preformatted",
    "remark",
    "table",
    "thumbnails",
    "tokens",
]
