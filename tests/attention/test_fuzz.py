"""Two thousand random requests: any variant, score, normaliser, mask, position, type, size, cache, dropout, backend.

Each is served as its definition says, forward and gradient, or refused with reasons and advice that works. A failure
prints the request; ``attnframe.testing.fuzz.check_request(NUMBER)`` replays it.
"""

from __future__ import annotations

from collections import Counter

import pytest

from attnframe.testing.fuzz import Outcome, check_request

BATCHES, SIZE = 20, 100


@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_requests(batch: int) -> None:
    wrong: list[str] = []
    outcomes: Counter[Outcome] = Counter()
    for number in range(batch * SIZE, (batch + 1) * SIZE):
        try:
            outcomes[check_request(number)] += 1
        except AssertionError as error:
            wrong.append(str(error))
    assert not wrong, f"{len(wrong)} of {SIZE} requests were answered wrongly:\n" + "\n\n".join(wrong)
    assert min(outcomes[outcome] for outcome in Outcome) > SIZE / 10, f"one-sided: {outcomes}"
