"""The loss of each token."""

from __future__ import annotations

import torch
from attnframe_nlp.data.windows import IGNORED
from attnframe_nlp.exhibits.surprise import Surprise
from attnframe_nlp.tokenizer.make import fit_tokenizer

from attnframe.pictures import draw


def test_tokens_have_their_loss_and_the_prompt_its_continuation() -> None:
    tokenizer = fit_tokenizer("character", train=["abc"], every=["abc"], size=10)
    exhibit = Surprise(tokenizer, str.upper)
    tokens = torch.from_numpy(tokenizer.encode("abcab"))
    targets = torch.cat([tokens[1:4], torch.tensor([IGNORED])])
    batch = {"tokens": tokens[None, :4], "targets": targets[None]}
    exhibit.update(batch, torch.tensor([[0.5, 0.25, 2.0, 0.0]]))
    shaded, written = exhibit.panels()
    assert (shaded.arguments["words"], shaded.arguments["weights"]) == (["b", "c", "a"], [0.5, 0.25, 2.0])
    assert written.arguments["text"] == "abca ▸ ABCA"
    assert all(draw(panel.plain()) for panel in (shaded, written))
