"""How tags go wrong."""

from __future__ import annotations

import torch
from attnframe_nlp.data.tagged.module import IGNORED
from attnframe_nlp.exhibits.tags import Tags
from torch import Tensor

from attnframe.pictures import draw


def parted(outputs: Tensor) -> tuple[Tensor, Tensor]:
    return outputs[..., :2], outputs[:, 0, 2:]


def test_only_scored_tokens_count_and_wrong_sentences_are_shown() -> None:
    exhibit = Tags(["O", "B-x"], ["play", "stop"], parted, lambda tokens, tags: f"{[*tokens]} {[*tags]}")
    tags = torch.tensor([[0, 1, IGNORED], [0, 0, 0]])
    outputs = torch.zeros(2, 3, 4)
    outputs[:, :, 0] = 5.0  # O everywhere
    outputs[:, :, 3] = 5.0  # stop
    batch = {"tokens": torch.tensor([[7, 8, 0], [7, 7, 7]]), "tags": tags, "intents": torch.tensor([1, 0])}
    exhibit.update(batch, outputs)
    confusion, _, _, intents, *_, wrong = exhibit.panels()
    assert confusion.arguments["shown"] == [["4", "0"], ["1", "0"]]
    assert intents.arguments["shown"] == [["0", "1"], ["0", "1"]]
    assert wrong.arguments["rows"] == [["[7, 8] ['O', 'B-x']", "[7, 8] ['O', 'O']"]]
    assert all(draw(panel.plain()) for panel in exhibit.panels())
