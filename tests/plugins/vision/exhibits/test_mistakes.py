"""The surest mistakes."""

from __future__ import annotations

import torch
from attnframe_vision.exhibits.mistakes import MOST, Mistakes

from attnframe.pictures import draw


def batch(count: int, channels: int = 1) -> dict[str, torch.Tensor]:
    pictures = torch.arange(count).view(-1, 1, 1, 1).expand(count, channels, 4, 4)
    return {"pictures": pictures, "labels": torch.zeros(count, dtype=torch.int64)}


def test_the_surest_wrong_answers_come_first_over_all_batches() -> None:
    exhibit = Mistakes(["cat", "dog"])
    exhibit.update(batch(3), torch.tensor([[0.6, 0.4], [0.3, 0.7], [0.45, 0.55]]).log())
    exhibit.update(batch(2), torch.tensor([[0.1, 0.9], [0.9, 0.1]]).log())
    (panel,) = exhibit.panels()
    assert panel.arguments["names"] == [
        ["is cat", "said dog", "90% sure"],
        ["is cat", "said dog", "70% sure"],
        ["is cat", "said dog", "55% sure"],
    ]
    assert [int(picture[0, 0]) for picture in panel.arguments["arrays"]] == [0, 1, 2]
    assert draw(panel.plain())


def test_colours_are_kept_and_the_number_is_bounded() -> None:
    exhibit = Mistakes(["cat", "dog"])
    exhibit.update(batch(MOST + 5, channels=3), torch.tensor([[0.0, 1.0]]).expand(MOST + 5, 2))
    (panel,) = exhibit.panels()
    assert [picture.shape for picture in panel.arguments["arrays"]] == [(4, 4, 3)] * MOST


def test_no_mistakes_are_nothing_to_show() -> None:
    exhibit = Mistakes(["cat", "dog"])
    exhibit.update(batch(2), torch.tensor([[1.0, 0.0]]).expand(2, 2))
    assert exhibit.panels() == []
