"""The site builds without a warning, holds every page, and its pages ask for nothing from the network."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

ROOT = Path(__file__).parents[2]
LOADED = re.compile(r"<(?:script|img|iframe|source)[^>]* src=\"([^\"]*)\"|<link [^>]*href=\"([^\"]*)\"")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; a warning fails the build."""
    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_MKDOCS_2_WARNING", "1")
        logger = logging.getLogger("mkdocs")
        config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder), strict=True)
        config.plugins.on_startup(command="build", dirty=False)
        try:
            build(config)
        finally:
            logger.handlers.clear()
    return folder


def test_every_page_is_there(site: Path) -> None:
    pages = {path.stem for path in (ROOT / "docs").glob("*.md")}
    assert pages - {path.stem for path in site.glob("*.html")} == set()
    plugins = {path.name.removeprefix("attnframe_") for path in (ROOT / "plugins").glob("attnframe_*")}
    assert {path.stem for path in (site / "domains").glob("*.html")} == plugins
    notebooks = {path.stem for path in (ROOT / "examples").glob("*.ipynb")}
    assert {path.stem for path in (site / "notebooks").glob("*.html")} == notebooks


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        if page.name == "404.html":  # which a server alone shows
            continue
        for first, second in LOADED.findall(page.read_text(encoding="utf-8")):
            address = re.split("[#?]", first or second)[0]
            assert address.startswith("data:") or (page.parent / address).exists(), f"{page.name}: {address}"


def test_sources_that_pages_link_to_are_pages(site: Path) -> None:
    text = (site / "variants.html").read_text(encoding="utf-8")
    assert 'href="source/tests/oracles/test_mla.py.html"' in text
    assert "DeepseekV3Config" in (site / "source/tests/oracles/test_mla.py.html").read_text(encoding="utf-8")


def test_notebooks_show_their_drawings(site: Path) -> None:
    assert "<svg" in (site / "notebooks" / "looking.html").read_text(encoding="utf-8")
