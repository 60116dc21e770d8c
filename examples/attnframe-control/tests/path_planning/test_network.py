"""The network from maps to moves."""

import torch
from attnframe_control.path_planning.following import legal


def test_moves_against_walls_are_out_of_the_question(run):
    model, _, _ = run
    torch.manual_seed(0)
    free = torch.rand(3, 7, 7) > 0.4
    goal = torch.zeros_like(free)
    goal[:, 0, 0] = True
    with torch.no_grad():
        logits = model.module.network(free, goal)
    assert logits.shape == (3, 8, 7, 7)
    some = legal(free).any(1)
    assert legal(free).gather(1, logits.argmax(1, keepdim=True))[:, 0][some].all()


def test_maps_are_filled_up_to_whole_patches(run):
    network = run[0].module.network
    assert network.size == (7, 7)
    assert network.grid == (4, 4)
