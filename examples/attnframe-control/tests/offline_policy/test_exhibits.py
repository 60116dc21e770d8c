"""What a report shows of policies whose returns are known."""

import torch
from attnframe_control.offline_policy.exhibits import Decisions
from attnframe_control.offline_policy.worlds import RECORDED

from attnframe.pictures import draw


def left(seen, target):
    return torch.zeros(len(seen.states), dtype=torch.int64)


def seen_by(world):
    exhibit = Decisions(world, 1, left)
    logits = torch.zeros(1, 3, len(world.actions))
    logits[..., 1] = 2.0
    batch = {"actions": torch.tensor([[1, 0, 1]]), "valid": torch.tensor([[True, True, False]])}
    exhibit.update(batch, logits)
    return exhibit.panels()


def test_what_is_reached_stands_beside_what_is_asked():
    first, confusion, *others = seen_by(RECORDED["cartpole"])
    reached, asked = first.arguments["series"]
    assert asked.x == asked.y == [25.0, 50.0, 100.0, 200.0, 300.0, 400.0, 500.0]
    assert all(8 <= one <= 11 for one in reached.y)
    assert confusion.arguments["shown"] == [["0", "1"], ["0", "1"]]
    assert all(draw(panel.plain()) for panel in (first, confusion, *others))


def test_a_world_that_is_won_or_lost_asks_for_nothing_less():
    assert [panel.picture for panel in seen_by(RECORDED["minigrid_memory"])] == ["heatmap", "lines", "table"]
