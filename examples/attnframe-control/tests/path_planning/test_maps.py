"""What search knows of maps."""

import numpy as np
import pytest
from attnframe_control.path_planning.maps import FAR, MOVES, NAMES, MapSet, distances, shortest_moves
from attnframe_control.path_planning.mazes import mazes
from attnframe_control.path_planning.search import expansions, mean_expansions


def drawn(*rows):
    cells = np.array([list(row) for row in rows])
    return MapSet(cells[None] != "#", cells[None] == "G")


WALLED = drawn("..#..", ".##..", "...G.", "####.", "..#..")


def test_distances_go_around_walls_and_tell_what_cannot_be_reached():
    found = distances(WALLED)[0]
    assert found[2, 3] == 0
    assert found[0].tolist() == [4, 4, FAR, 2, 2]
    assert found[1].tolist() == [3, FAR, FAR, 1, 1]
    assert found[4].tolist() == [FAR, FAR, FAR, 2, 2]
    assert found.dtype == np.int16


def test_first_moves_of_shortest_paths_are_all_told():
    found = shortest_moves(distances(WALLED))[0]
    told = {NAMES[move] for move in np.flatnonzero(found[:, 1, 4])}
    assert told == {"south-west"}
    assert {NAMES[move] for move in np.flatnonzero(found[:, 0, 3])} == {"south", "south-east"}
    assert not found[:, 2, 3].any()
    assert not found[:, 4, 0].any()


def test_moves_are_the_eight_neighbours_and_named_so():
    assert len(set(MOVES)) == len(NAMES) == 8
    for (down, right), name in zip(MOVES, NAMES, strict=True):
        assert ("north" in name) == (down < 0)
        assert ("south" in name) == (down > 0)
        assert ("east" in name) == (right > 0)
        assert ("west" in name) == (right < 0)


@pytest.mark.parametrize("side", [5, 11])
def test_every_cell_of_a_maze_leads_to_its_goal(side):
    made, again = mazes(12, side, 0.0), mazes(12, side, 0.0)
    np.testing.assert_array_equal(made.free, again.free)
    away = distances(made)
    assert (away[made.free] < FAR).all()
    assert (made.goals.sum((1, 2)) == 1).all()
    assert made.free[:, ::2, ::2].all()
    assert not made.free[:, 1::2, 1::2].any()


def test_walls_of_a_maze_can_be_left_out():
    assert mazes(5, 11, 1.0).free.all()


def test_a_star_takes_up_a_straight_way_and_no_more_than_all_cells():
    free = np.ones((5, 5), dtype=bool)
    assert expansions(free, (2, 0), (2, 4)) == 5
    made = mazes(10, 11, 0.1)
    assert 5 < mean_expansions(made, distances(made)) < 11 * 11
