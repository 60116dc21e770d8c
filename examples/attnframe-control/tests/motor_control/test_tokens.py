"""Tokens of numbers."""

import torch
from attnframe_control.motor_control.tokens import NumberTokens


def test_a_token_is_linear_in_its_number_and_its_own():
    tokens = NumberTokens(3, 4)
    x = torch.tensor([[1.0, 2.0, -1.0], [0.0, 0.0, 0.0]])
    found = tokens(x)
    assert found.shape == (2, 3, 4)
    torch.testing.assert_close(found[1], tokens.bias)
    torch.testing.assert_close(found[0] - found[1], x[0, :, None] * tokens.weight)
