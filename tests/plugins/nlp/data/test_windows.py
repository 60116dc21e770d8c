"""Windows of a text."""

from pathlib import Path

import numpy as np
import pytest
import torch
from attnframe_nlp.data.tokens import TokenFile
from attnframe_nlp.data.windows import IGNORED, Windows


def windows(folder: Path, count: int, context: int) -> Windows:
    path = folder / "tokens.bin"
    path.write_bytes(np.arange(count, dtype=np.uint16).tobytes())
    return Windows(TokenFile(path, "uint16", count), context)


@pytest.mark.parametrize(("count", "context"), [(2, 5), (6, 5), (7, 5), (11, 5), (100, 7)])
def test_every_token_but_the_first_is_a_target_once(tmp_path: Path, count: int, context: int) -> None:
    split = windows(tmp_path, count, context)
    batch = split.batch(torch.arange(len(split)))
    counted = batch["targets"] != IGNORED
    assert sorted(batch["targets"][counted].tolist()) == list(range(1, count))
    # The data counts up, so each target is one more than its token.
    assert torch.equal(batch["tokens"][counted] + 1, batch["targets"][counted])
    assert batch["tokens"].shape == batch["targets"].shape == (len(split), context)


def test_a_batch_does_not_depend_on_what_is_fetched_with_it(tmp_path: Path) -> None:
    split = windows(tmp_path, 100, 7)
    both = split.batch(torch.tensor([14, 3]))
    assert torch.equal(both["tokens"][1], split.batch(torch.tensor([3]))["tokens"][0])


def test_shifted_windows_are_whole_and_reach_every_place(tmp_path: Path) -> None:
    split = windows(tmp_path, 20, 6)
    torch.manual_seed(0)
    seen = set()
    for _ in range(200):
        batch = split.shifted(split.batch(torch.arange(len(split))))
        assert torch.equal(batch["tokens"] + 1, batch["targets"])
        seen.update(batch["starts"].tolist())
    assert seen == set(range(20 - 6))


def test_a_text_of_one_window_can_be_shifted(tmp_path: Path) -> None:
    split = windows(tmp_path, 7, 6)
    assert split.shifted(split.batch(torch.tensor([0])))["targets"].tolist() == [[1, 2, 3, 4, 5, 6]]


def test_the_shift_follows_the_global_generator(tmp_path: Path) -> None:
    split = windows(tmp_path, 1000, 50)
    batch = split.batch(torch.tensor([1, 2, 3, 4]))

    def starts(seed: int) -> list[int]:
        torch.manual_seed(seed)
        return split.shifted(batch)["starts"].tolist()

    assert starts(1) == starts(1)
    assert starts(1) != starts(2)
    assert all(0 <= moved - index * 50 < 50 for moved, index in zip(starts(1), (1, 2, 3, 4), strict=True))
