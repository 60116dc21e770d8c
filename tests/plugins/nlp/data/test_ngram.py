"""The n-gram floor against its definition."""

import math
import os
from pathlib import Path

import numpy as np
import pytest
from attnframe_nlp.data import ngram
from attnframe_nlp.data.ngram import WittenBell


def nats(model: WittenBell, tokens: ngram.Array) -> ngram.Array:
    return np.concatenate(list(model.nats(tokens)))


def by_definition(history: tuple[int, ...], word: int, train: list[int], vocabulary: int) -> float:
    """P(word | history), straight from the formula."""
    lower = by_definition(history[1:], word, train, vocabulary) if history else 1 / vocabulary
    length = len(history)
    followers = [train[i + length] for i in range(len(train) - length) if tuple(train[i : i + length]) == history]
    if not followers:
        return lower
    kinds = len(set(followers))
    return (followers.count(word) + kinds * lower) / (len(followers) + kinds)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_it_is_the_definition(order: int) -> None:
    random = np.random.default_rng(order)
    train, test = random.integers(0, 4, 60).tolist(), random.integers(0, 5, 40).tolist()
    expected = [
        -math.log(by_definition(tuple(test[max(0, i - order + 1) : i]), word, train, 5)) for i, word in enumerate(test)
    ]
    found = nats(WittenBell(order, 5, np.array(train, np.uint16)), np.array(test, np.uint16))
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_probabilities_sum_to_one() -> None:
    random = np.random.default_rng(0)
    model = WittenBell(3, 6, random.integers(0, 6, 100))
    for history in ([0, 1], [5, 5], [3]):
        total = sum(math.exp(-nats(model, np.array([*history, word]))[-1]) for word in range(6))
        assert total == pytest.approx(1, abs=1e-12)


def test_scoring_in_chunks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    model, test = WittenBell(4, 5, random.integers(0, 5, 300)), random.integers(0, 5, 100)
    whole = nats(model, test)
    monkeypatch.setattr(ngram, "CHUNK", 7)
    np.testing.assert_array_equal(nats(model, test), whole)


def test_large_vocabularies_do_not_overflow() -> None:
    tokens = np.array([99_999, 0, 99_999, 0, 99_999, 0, 99_999])
    found = nats(WittenBell(5, 100_000, tokens), tokens)
    assert np.isfinite(found).all()
    assert found[-1] < 0.2 < found[0]


@pytest.mark.skipif("ATTNFRAME_DATA_DIR" not in os.environ, reason="needs tinyshakespeare")
@pytest.mark.parametrize(("order", "published"), [(4, 1.774), (5, 1.669), (6, 1.698), (7, 1.779)])
def test_published_floors_of_tinyshakespeare(order: int, published: float) -> None:
    text = (Path(os.environ["ATTNFRAME_DATA_DIR"]) / "tinyshakespeare" / "input.txt").read_bytes()
    tokens = np.unique(np.frombuffer(text, np.uint8), return_inverse=True)[1]
    train, validation = tokens[:1_003_854], tokens[1_003_854:]
    assert nats(WittenBell(order, 65, train), validation).mean() == pytest.approx(published, abs=5e-4)
