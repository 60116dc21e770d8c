"""Tokens of a corpus in memory-mapped files, made once and kept in the cache."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from attnframe.errors import DataError, Fault
from attnframe_nlp.data.source import PARTS, Corpus
from attnframe_nlp.data.text import Text, TextsInRow, by_lines
from attnframe_nlp.tokenizer.base import Tokenizer
from attnframe_nlp.tokenizer.make import TokenizerName, fit_tokenizer, tokenizer_from

FORMAT: Final = 1
"""Version of the files' form; another one is another cache entry."""
ABOUT: Final = "about.json"
FOLDER: Final = "language_modeling"


@dataclass(frozen=True)
class TokenFile:
    """Token ids in a file, mapped into memory when first read; what is sent to a worker process is the path, not the
    tokens.

    Args:
        path: the file.
        dtype: ``uint16`` or ``uint32``.
        count: number of tokens.
    """

    path: Path
    dtype: str
    count: int

    def __len__(self) -> int:
        return self.count

    @cached_property
    def tokens(self) -> np.ndarray[Any, Any]:
        """The tokens (count,), read-only."""
        if not self.count:
            return np.empty(0, self.dtype)
        return np.memmap(self.path, dtype=self.dtype, mode="r", shape=(self.count,))

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "tokens"}


@dataclass(frozen=True)
class Encoded:
    """A corpus as tokens.

    Args:
        tokenizer: what encoded it.
        parts: tokens of each of `PARTS`.
        digest: sha256 (hex) of the text, where it is cut, and the tokenizer.
    """

    tokenizer: Tokenizer
    parts: dict[str, TokenFile]
    digest: str


def fitted(corpus: Corpus, name: TokenizerName, vocabulary_size: int, cache_dir: Path) -> Tokenizer:
    """The tokenizer of a corpus, from the cache when it is there, else fitted and put there.

    Args:
        corpus: the text.
        name: which tokenizer.
        vocabulary_size: of ``bpe``.
        cache_dir: where derived files may be written.

    Raises:
        DataError: when the cache cannot be written.
    """
    key = _key(corpus.digest, name, vocabulary_size if name == "bpe" else None)
    path = cache_dir / FOLDER / f"tokenizer-{key[:32]}.json"
    try:
        return tokenizer_from(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError):
        pass
    whole = TextsInRow(tuple(corpus.parts[part] for part in PARTS))
    train = by_lines(corpus.parts["train"].pieces())
    tokenizer = fit_tokenizer(name, train=train, every=whole.pieces(), size=vocabulary_size)
    try:
        with _unfinished(path) as folder:
            (folder / path.name).write_text(json.dumps(tokenizer.values()), encoding="utf-8")
            os.replace(folder / path.name, path)
    except OSError as error:
        raise _unwritable(path, error) from error
    return tokenizer


def encode(corpus: Corpus, tokenizer: Tokenizer, cache_dir: Path) -> Encoded:
    """The tokens of a corpus, from the cache when they are there, else made piece by piece and put there.

    Args:
        corpus: the text.
        tokenizer: what encodes it.
        cache_dir: where derived files may be written.

    Raises:
        DataError: when the tokenizer does not know a character, or the cache cannot be written.
    """
    digest = _key(corpus.digest, tokenizer.values())
    folder = cache_dir / FOLDER / f"tokens-{digest[:32]}"
    parts = _load(folder)
    if parts is None:
        try:
            _make(corpus, tokenizer, folder)
        except OSError as error:
            raise _unwritable(folder, error) from error
        parts = _load(folder)
        assert parts is not None, f"{folder} was written a moment ago"
    return Encoded(tokenizer, parts, digest)


def _key(*settings: Any) -> str:
    return hashlib.sha256(json.dumps([FORMAT, *settings]).encode()).hexdigest()


def _load(folder: Path) -> dict[str, TokenFile] | None:
    """The tokens of each part, or None when they are not there or not whole."""
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        parts = {part: TokenFile(folder / f"{part}.bin", about["dtype"], about["tokens"][part]) for part in PARTS}
        itemsize = np.dtype(about["dtype"]).itemsize
        whole = all(file.path.stat().st_size == file.count * itemsize for file in parts.values())
    except (OSError, ValueError, KeyError):
        return None
    return parts if whole else None


def _make(corpus: Corpus, tokenizer: Tokenizer, folder: Path) -> None:
    dtype = "uint16" if tokenizer.size <= 1 << 16 else "uint32"
    with _unfinished(folder) as new:
        counts = {part: _write(corpus.parts[part], tokenizer, dtype, new / f"{part}.bin") for part in PARTS}
        (new / ABOUT).write_text(json.dumps({"dtype": dtype, "tokens": counts}), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(new, folder)


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """A folder beside `path` to write in before moving to it, so that `path` is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=path.parent, prefix="unfinished-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unwritable(path: Path, error: OSError) -> DataError:
    return DataError(Fault("The cache folder", f"must take {path}", error.strerror or str(error)))


def _write(text: Text, tokenizer: Tokenizer, dtype: str, path: Path) -> int:
    count = 0
    with open(path, "wb") as file:
        for piece in by_lines(text.pieces()):
            tokens = tokenizer.encode(piece)
            file.write(tokens.astype(dtype).tobytes())
            count += len(tokens)
    return count
