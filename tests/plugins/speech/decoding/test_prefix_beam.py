"""Prefix beam search against the sum over every path."""

from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np
import pytest
from attnframe_speech.decoding.prefix_beam import prefix_beam


@pytest.mark.parametrize("seed", range(4))
def test_a_wide_beam_sums_every_path(seed: int) -> None:
    generator = np.random.default_rng(seed)
    chances = generator.dirichlet(np.ones(3), size=5)
    texts: dict[tuple[int, ...], float] = defaultdict(float)
    for path in itertools.product(range(3), repeat=5):
        text = tuple(letter for letter, _ in itertools.groupby(path) if letter)
        texts[text] += float(np.prod(chances[np.arange(5), path]))
    wanted = sorted(texts.items(), key=lambda one: one[1], reverse=True)
    found = prefix_beam(np.log(chances).astype(np.float32), 1000)
    assert [text for text, _ in found[:5]] == [text for text, _ in wanted[:5]]
    np.testing.assert_allclose(
        [np.exp(score) for _, score in found[:5]], [chance for _, chance in wanted[:5]], rtol=1e-4
    )


def test_all_paths_of_a_text_count_together() -> None:
    scores = np.log(np.array([[0.6, 0.4], [0.6, 0.4]], np.float32))
    assert prefix_beam(scores, 8)[0][0] == (1,)  # 0.64 over three paths, where the likeliest path is all blank, 0.36
