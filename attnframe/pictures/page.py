"""A whole page that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attnframe.pictures.colours import FAINT, INK
from attnframe.pictures.markup import element, escape

STYLE = f"""
:root {{ color-scheme: light }}
* {{ box-sizing: border-box }}
body {{ margin: 0 auto; padding: 12px 16px 48px; max-width: 1240px; background: #fff; color: {INK};
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; -webkit-text-size-adjust: 100% }}
h1 {{ font-size: 1.5rem; line-height: 1.25; margin: 0.5rem 0 }}
h2 {{ font-size: 1.15rem; margin: 2rem 0 0.5rem; padding-top: 0.5rem; border-top: 1px solid #ddd }}
p {{ margin: 0.5rem 0; max-width: 75ch }}
.remark {{ color: {FAINT}; font-size: 0.9rem }}
figure {{ margin: 0 0 1rem; min-width: 0 }}
figcaption, caption {{ font-size: 0.9rem; font-weight: 600; text-align: left; padding: 0.25rem 0 }}
.gallery {{ display: grid; gap: 0.5rem 1.5rem;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr)) }}
.scroll {{ overflow-x: auto; margin: 0 0 1rem }}
table {{ border-collapse: collapse; min-width: min(100%, 21rem);
  font-size: 0.9rem; font-variant-numeric: tabular-nums; overflow-wrap: normal }}
th, td {{ padding: 0.25rem 0.6rem; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top }}
td {{ max-width: 40rem }}
thead th {{ border-bottom: 2px solid {FAINT} }}
tbody th {{ font-weight: 500 }}
.wide {{ min-width: 16rem }}
.right {{ text-align: right }}
td.right {{ white-space: nowrap }}
pre {{ margin: 0; padding: 0.5rem; background: #f6f6f6; font-size: 0.8rem; line-height: 1.4; white-space: pre-wrap }}
details {{ margin: 0.5rem 0 }}
summary {{ cursor: pointer; padding: 0.4rem 0; font-weight: 600 }}
@media (max-width: 480px) {{
  table {{ font-size: 0.8rem }}
  th, td {{ padding: 0.25rem 0.35rem }}
}}
@page {{ margin: 15mm }}
@media print {{
  body {{ font-size: 10pt; padding: 0; max-width: none }}
  figure, tr {{ break-inside: avoid }}
  h2 {{ break-after: avoid }}
  .scroll {{ overflow: visible }}
  details::details-content {{ content-visibility: visible; display: block; block-size: auto }}
  table {{ font-size: 8pt }}
  .gallery {{ grid-template-columns: repeat(2, 1fr) }}
}}
"""


@dataclass(frozen=True)
class Section:
    """A part of a page.

    Args:
        heading: its words. parts: its markup, as the functions of `attnframe.pictures` give it.
    """

    heading: str
    parts: Sequence[str]


def page(title: str, sections: Sequence[Section], head: Sequence[str] = ()) -> str:
    """One HTML document: no script, no file beside it and no network; for phones, screens and print.

    Args:
        title: of the document. sections: its parts, in order.
        head: markup between title and sections.
    """
    parts = [
        element("section", element("h2", escape(section.heading)), *section.parts)
        for section in sections
        if section.parts
    ]
    metas = [
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
    ]
    style = element("style", STYLE)
    return "<!doctype html>\n" + element(
        "html",
        element("head", *metas, element("title", escape(title)), style),
        element("body", element("main", element("h1", escape(title)), *head, *parts)),
        lang="en",
    )
