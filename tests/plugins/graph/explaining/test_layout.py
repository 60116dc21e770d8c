"""Places of nodes on paper."""

import numpy as np
from attnframe_graph.explaining.layout import distances, layout

PATH = np.array([[0, 1, 2], [1, 2, 3]])


def test_distances_of_a_path_and_of_nodes_apart() -> None:
    np.testing.assert_array_equal(distances(PATH, 4)[0], [0, 1, 2, 3])
    assert distances(PATH, 5)[0, 4] == 4  # farther than any that are joined


def test_a_path_is_laid_out_as_long_as_it_is() -> None:
    places = layout(PATH, 4)
    apart = np.linalg.norm(places[:, None] - places[None], axis=-1)
    np.testing.assert_allclose(apart, distances(PATH, 4), atol=0.1)


def test_the_same_graph_gives_the_same_places_and_few_nodes_do() -> None:
    np.testing.assert_array_equal(layout(PATH, 4), layout(PATH, 4))
    none = np.zeros((2, 0), np.int64)
    assert layout(none, 0).shape == (0, 2)
    assert np.isfinite(layout(none, 1)).all()
    assert np.isfinite(layout(none, 5)).all()
