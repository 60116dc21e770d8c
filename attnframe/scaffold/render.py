"""Writing a package from a folder of template files: all of it or nothing. Torch-free.

The templates are ordinary files that can be read, linted and run as they are; rendering replaces some words in their
texts and names.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from attnframe.errors import ConfigurationError, Fault

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, words: Mapping[str, str], folder: Path) -> list[Path]:
    """Write a package.

    Args:
        template: the name of a folder of templates.
        words: what replaces each word of the template, in texts and in names of files and folders.
        folder: what is made; it must not exist.

    Returns:
        The files, sorted, relative to the folder.

    Raises:
        ConfigurationError: when the folder cannot be written; then nothing is left of it.
    """
    place = folder.absolute()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        # Written beside its place and then renamed, so that a half-written package is never seen.
        with tempfile.TemporaryDirectory(dir=place.parent, prefix=f".{place.name}-") as beside:
            whole = Path(beside) / place.name
            for source in _files(TEMPLATES / template):
                target = whole / replaced(str(source.relative_to(TEMPLATES / template)), words)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(replaced(source.read_text(encoding="utf-8"), words), encoding="utf-8")
            whole.rename(place)
    except OSError as error:
        raise ConfigurationError(
            Fault(str(folder), "must be a folder that can be made", error.strerror or str(error))
        ) from None
    return sorted(file.relative_to(place) for file in place.rglob("*") if file.is_file())


def replaced(text: str, words: Mapping[str, str]) -> str:
    """A text with the words of a template replaced."""
    for word, by in words.items():
        text = text.replace(word, by)
    return text


def _files(folder: Path) -> Iterator[Path]:
    """The files of a template, without what running it leaves behind."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path
