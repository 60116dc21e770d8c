"""Cached tokens."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from attnframe_nlp.data import tokens as module
from attnframe_nlp.data.source import Corpus, parted
from attnframe_nlp.data.text import TextInMemory
from attnframe_nlp.data.tokens import TokenFile, encode, fitted
from attnframe_nlp.tokenizer.byte import ByteTokenizer
from attnframe_nlp.tokenizer.character import CharacterTokenizer

from attnframe.errors import DataError

TEXT = "".join(f"{number} bottles of beer, née Müller\n" for number in range(50))


def corpus(text: str = TEXT) -> Corpus:
    return parted([TextInMemory(text)], (0.8, 0.1, 0.1), "data.path")


@pytest.fixture
def no_encoding(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """From here on, whatever is not in the cache fails."""

    def refuse(*_: object) -> None:
        raise AssertionError("encoded again")

    monkeypatch.setattr(module, "_make", refuse)
    monkeypatch.setattr(module, "fit_tokenizer", refuse)
    return monkeypatch


def test_tokens_are_those_of_the_text(tmp_path: Path) -> None:
    tokenizer = CharacterTokenizer.fit([TEXT])
    encoded = encode(corpus(), tokenizer, tmp_path)
    for part, text in corpus().parts.items():
        content = "".join(text.pieces())
        file = encoded.parts[part]
        assert file.tokens.dtype == np.uint16
        assert isinstance(file.tokens, np.memmap)
        assert len(file) == len(content)
        assert tokenizer.decode(file.tokens.tolist()) == content


def test_what_is_cached_is_not_made_again(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    tokenizer = fitted(corpus(), "bpe", 300, tmp_path)
    first = encode(corpus(), tokenizer, tmp_path)
    request.getfixturevalue("no_encoding")
    again = fitted(corpus(), "bpe", 300, tmp_path)
    assert again.values() == tokenizer.values()
    second = encode(corpus(), again, tmp_path)
    assert second.digest == first.digest
    assert second.parts["train"].tokens.tolist() == first.parts["train"].tokens.tolist()


@pytest.mark.parametrize("change", ["text", "cut", "tokenizer", "size"])
def test_another_text_or_tokenizer_is_another_entry(tmp_path: Path, change: str) -> None:
    first = encode(corpus(), fitted(corpus(), "bpe", 300, tmp_path), tmp_path)
    other = corpus(TEXT + "!" if change == "text" else TEXT)
    if change == "cut":
        other = parted([TextInMemory(TEXT)], (0.7, 0.2, 0.1), "data.path")
    name = "byte" if change == "tokenizer" else "bpe"
    second = encode(other, fitted(other, name, 290 if change == "size" else 300, tmp_path), tmp_path)
    assert second.digest != first.digest
    assert second.parts["train"].path != first.parts["train"].path


@pytest.mark.parametrize("damage", ["cut", "gone", "unreadable"])
def test_an_entry_that_is_not_whole_is_made_anew(tmp_path: Path, damage: str) -> None:
    first = encode(corpus(), ByteTokenizer(), tmp_path)
    path = first.parts["val"].path
    expected = first.parts["val"].tokens.tolist()
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-1])
    elif damage == "gone":
        path.unlink()
    else:
        (path.parent / "about.json").write_text("{")
    assert encode(corpus(), ByteTokenizer(), tmp_path).parts["val"].tokens.tolist() == expected
    assert [each.name for each in path.parent.parent.iterdir()] == [path.parent.name], "nothing is left behind"


def test_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match=r"^The cache folder must take .*language_modeling"):
        encode(corpus(), ByteTokenizer(), tmp_path / "file")


def test_what_goes_to_a_worker_is_the_path(tmp_path: Path) -> None:
    file = encode(corpus(TEXT * 20), ByteTokenizer(), tmp_path).parts["train"]
    expected = file.tokens.tolist()
    sent = pickle.dumps(file)
    assert len(sent) < 1000
    received: TokenFile = pickle.loads(sent)
    assert received.tokens.tolist() == expected
