"""What was said and what was understood."""

from __future__ import annotations

import torch
from attnframe_speech.exhibits.transcripts import Transcripts
from attnframe_speech.letters import Letters

from attnframe.pictures import draw


def test_transcripts_stand_beside_what_was_understood_with_their_errors() -> None:
    exhibit = Transcripts(Letters("abc"), lambda states, frames: [[1, 2, 2]] * len(frames))
    batch = {
        "features": torch.zeros(2, 9, 4),
        "frames": torch.tensor([9, 5]),
        "letters": torch.tensor([[1, 2, 3], [1, 0, 0]]),
        "lengths": torch.tensor([3, 1]),
    }
    exhibit.update(batch, torch.zeros(2, 3, 8))
    (panel,) = exhibit.panels()
    assert panel.arguments["rows"] == [["abc", "abb", 0.3333], ["a", "abb", 2.0]]
    assert draw(panel.plain())
