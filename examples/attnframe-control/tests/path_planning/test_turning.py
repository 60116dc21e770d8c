"""Turned maps are maps, with their shortest paths turned too."""

import pytest
import torch
from attnframe_control.path_planning.maps import MapSet, distances, shortest_moves
from attnframe_control.path_planning.mazes import mazes
from attnframe_control.path_planning.turning import turned


def batch(rows=11):
    made = mazes(4, 11, 0.1)
    made = MapSet(made.free[:, :rows], made.goals[:, :rows])
    away = distances(made)
    parts = {"free": made.free, "goal": made.goals, "shortest": shortest_moves(away), "distance": away}
    return {name: torch.from_numpy(part) for name, part in parts.items()}


@pytest.mark.parametrize("rows", [11, 9])
@pytest.mark.parametrize("way", range(8))
def test_search_on_a_turned_map_gives_the_turned_moves(way, rows):
    found = turned(batch(rows), way)
    again = MapSet(found["free"].numpy(), found["goal"].numpy())
    away = distances(again)
    assert (torch.from_numpy(away) == found["distance"]).all()
    assert (torch.from_numpy(shortest_moves(away)) == found["shortest"]).all()


def test_the_eight_ways_differ():
    one = batch()
    assert len({tuple(turned(one, way)["free"].flatten().tolist()) for way in range(8)}) == 8
