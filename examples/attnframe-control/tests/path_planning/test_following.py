"""Following moves from cell to cell."""

import torch
from attnframe_control.path_planning.data import straight
from attnframe_control.path_planning.following import arrives, far_starts, legal, path, starts
from attnframe_control.path_planning.maps import FAR, NAMES, distances, shortest_moves
from attnframe_control.path_planning.mazes import mazes


def maze(count=6):
    made = mazes(count, 11, 0.1)
    away = distances(made)
    shortest = torch.from_numpy(shortest_moves(away))
    return torch.from_numpy(made.free), torch.from_numpy(made.goals), torch.from_numpy(away), shortest


def test_first_moves_of_shortest_paths_lead_to_the_goal_from_every_start():
    free, goal, away, shortest = maze()
    assert (arrives(shortest.int().argmax(1), free, goal) == (starts(away) | goal)).all()


def test_all_starts_at_once_are_what_one_after_the_other_is():
    free, goal, away, _ = maze(3)
    torch.manual_seed(0)
    moves = torch.where(torch.rand(away.shape) < 0.2, torch.randint(8, away.shape), straight(free, goal))
    arrived = arrives(moves, free, goal)
    for number, start in enumerate(starts(away)):
        for row, column in start.nonzero().tolist():
            cells = path(moves[number], free[number], goal[number], (row, column))
            assert bool(goal[number][cells[-1]]) == bool(arrived[number, row, column])


def test_walls_and_circles_end_a_path():
    free = torch.tensor([[True, True, False]])
    goal = torch.tensor([[False, False, True]])
    east, west = NAMES.index("east"), NAMES.index("west")
    assert path(torch.tensor([[east, east, 0]]), free, goal, (0, 0)) == [(0, 0), (0, 1)]
    assert path(torch.tensor([[east, west, 0]]), free, goal, (0, 0)) == [(0, 0), (0, 1)]
    assert not arrives(torch.tensor([[[east, west, 0]]]), free[None], goal[None])[0, 0, :2].any()


def test_moves_off_the_map_and_into_walls_are_not_legal():
    found = legal(torch.tensor([[[True, False], [True, True]]]))[0]
    told = {NAMES[move] for move in found[:, 0, 0].nonzero().flatten().tolist()}
    assert told == {"south", "south-east"}


def test_straight_goes_where_the_crow_flies_and_around_no_wall():
    free = torch.tensor([[[True, True, True], [True, False, True], [True, True, True]]])
    goal = torch.zeros_like(free)
    goal[0, 2, 2] = True
    moves = straight(free, goal)[0]
    assert NAMES[moves[0, 2]] == "south"
    assert NAMES[moves[2, 0]] == "east"
    assert NAMES[moves[0, 0]] in {"east", "south"}


def test_far_starts_are_the_farther_part_of_each_map():
    distance = torch.tensor([[[0, 1, 2, 3, 4, FAR]], [[FAR, FAR, FAR, FAR, FAR, 0]]], dtype=torch.int16)
    assert far_starts(distance, 0.5).tolist() == [[[False, False, False, True, True, False]], [[False] * 6]]
    assert starts(distance)[0, 0].tolist() == [False, True, True, True, True, False]
