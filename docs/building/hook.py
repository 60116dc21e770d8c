"""Brings into the site what stands elsewhere in the repository, once: the plugins' pages, the notebooks, the history of
changes, and every file that a page links to. Links that lead out of docs/ are turned to where it went.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
LINK = re.compile(r"(?<=\]\()([^)#:\s]+)(?=[)#])")
FENCED = re.compile(r"^(`{3,})[^\n]*\n.*?^\1$", flags=re.MULTILINE | re.DOTALL)
HIDDEN = "---\nsearch:\n  exclude: true\n---\n\n"
LANGUAGES = {".py": "python", ".yaml": "yaml", ".json": "json"}


def brought() -> dict[Path, str]:
    """Files of the repository that are pages of the site, and the names of the pages."""
    plugins = {
        path: f"domains/{path.parent.name.removeprefix('attnframe_')}.md"
        for path in sorted((ROOT / "plugins").glob("attnframe_*/README.md"))
    }
    notebooks = {path: f"notebooks/{path.stem}.md" for path in sorted((ROOT / "examples").glob("*.ipynb"))}
    return {**plugins, **notebooks, ROOT / "CHANGELOG.md": "changes.md", ROOT / "CONTRIBUTING.md": "contributing.md"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are brought, and one for each file that any page links to."""
    found = brought()
    linked: dict[Path, str] = {}
    pages = {DOCS / file.src_uri: read(DOCS / file.src_uri) for file in files.documentation_pages()}
    for path, text in {**pages, **{path: read(path) for path in found}}.items():
        for link in links(text):
            target = (path.parent / link).resolve()
            if target.is_file() and target not in found and (DOCS not in target.parents or target.suffix == ".py"):
                linked[target] = f"source/{target.relative_to(ROOT)}.md"
    for path, uri in found.items():
        files.append(File.generated(config, uri, content=turned(read(path), path, uri, found | linked)))
    for path, uri in linked.items():
        language = LANGUAGES.get(path.suffix, "text")
        content = f"{HIDDEN}# {path.relative_to(ROOT)}\n\n````{language}\n{path.read_text(encoding='utf-8')}````\n"
        files.append(File.generated(config, uri, content=content, inclusion=InclusionLevel.NOT_IN_NAV))
    config.extra["turned"] = found | linked
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn the links of a page of docs/."""
    path = DOCS / page.file.src_uri
    return turned(markdown, path, page.file.src_uri, config.extra["turned"]) if path.exists() else markdown


def read(path: Path) -> str:
    """The text of a page, or of a notebook as one."""
    text = path.read_text(encoding="utf-8")
    return "\n\n".join(cell(one) for one in json.loads(text)["cells"]) + "\n" if path.suffix == ".ipynb" else text


def cell(found: dict) -> str:
    """A cell of a notebook in Markdown, with what it printed and drew."""
    source = "".join(found["source"])
    if found["cell_type"] == "markdown":
        return source
    parts = [f"```python\n{source}\n```"]
    for output in found["outputs"]:
        data = output.get("data", {})
        if "text/html" in data or "image/svg+xml" in data:
            parts.append("".join(data.get("text/html") or data["image/svg+xml"]))
        else:
            parts.append(f"```text\n{''.join(output.get('text') or data['text/plain']).rstrip()}\n```")
    return "\n\n".join(parts)


def links(text: str) -> list[str]:
    """Where a page leads to inside the repository; code is not looked at."""
    return LINK.findall(FENCED.sub("", text))


def turned(text: str, path: Path, uri: str, places: dict[Path, str]) -> str:
    """A page with its links to files of the repository turned to their pages.

    Args:
        text: in Markdown. path: where it stands. uri: where it stands in the site.
        places: pages of the site, by file.
    """

    def turn(link: re.Match[str]) -> str:
        target = (path.parent / link[1]).resolve()
        inside = str(target.relative_to(DOCS)) if DOCS in target.parents else link[1]
        return os.path.relpath(places.get(target, inside), os.path.dirname(uri) or ".")

    code = FENCED.finditer(text)
    parts, end = [], 0
    for block in code:
        parts += [LINK.sub(turn, text[end : block.start()]), block[0]]
        end = block.end()
    return "".join([*parts, LINK.sub(turn, text[end:])])
