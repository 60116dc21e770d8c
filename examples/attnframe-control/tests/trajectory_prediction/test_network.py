"""The network is what it claims to be where paths are turned, moved or walked faster."""

import pytest
import torch
from attnframe_control.trajectory_prediction.network import SLOWEST, ahead


@pytest.fixture(scope="module")
def network(run):
    model, _, _ = run
    return model.module.network


def paths():
    torch.manual_seed(0)
    moves = torch.tensor([0.5, 0.1]) + 0.1 * torch.randn(6, 7, 2)
    back = moves.flip(1).cumsum(1).flip(1)
    return torch.cat([-back, torch.zeros(6, 1, 2)], 1)


def test_an_untrained_network_is_constant_velocity(network):
    import copy

    fresh = copy.deepcopy(network)
    torch.nn.init.zeros_(fresh.head.weight)
    torch.nn.init.zeros_(fresh.head.bias)
    past = paths()
    steps = torch.arange(1, 13)[:, None]
    torch.testing.assert_close(fresh(past), (past[:, -1:] - past[:, -2:-1]) * steps)


def test_a_turned_path_is_told_turned(network):
    past, angle = paths(), torch.tensor(0.7)
    turn = torch.stack([torch.stack([angle.cos(), angle.sin()]), torch.stack([-angle.sin(), angle.cos()])])
    torch.testing.assert_close(network(past @ turn), network(past) @ turn, atol=1e-4, rtol=1e-4)


def test_the_same_path_at_another_speed_is_told_so(network):
    past = paths() * 100  # fast, so that what is added to the scale does not count
    assert past.diff(dim=1).norm(dim=2).mean() > 100 * SLOWEST
    torch.testing.assert_close(network(past * 2), network(past) * 2, atol=0.1, rtol=1e-2)


def test_a_frame_points_where_the_move_goes():
    moves = torch.tensor([[3.0, 4.0], [0.0, -2.0], [0.0, 0.0]])
    turned = (moves.unsqueeze(1) @ ahead(moves)).squeeze(1)
    torch.testing.assert_close(turned, torch.tensor([[5.0, 0.0], [2.0, 0.0], [0.0, 0.0]]))
