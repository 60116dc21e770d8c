"""Activation checkpointing: the same numbers, less memory kept."""

from __future__ import annotations

import torch
from torch import nn

from attnframe import Attention
from attnframe.blocks import Block, FeedForward, checkpoint_activations


def make(dropout: float = 0.0) -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(*[Block(16, Attention(16, 4), FeedForward(16, 64), dropout=dropout) for _ in range(3)])


def gradients(model: nn.Module, x: torch.Tensor) -> list[torch.Tensor]:
    model.zero_grad()
    torch.manual_seed(1)
    model(x).square().sum().backward()
    return [parameter.grad for parameter in model.parameters() if parameter.grad is not None]


def kept_bytes(model: nn.Module, x: torch.Tensor) -> int:
    """Bytes of distinct tensors that autograd keeps, parameters aside."""
    own = {parameter.untyped_storage().data_ptr() for parameter in model.parameters()}
    sizes: dict[int, int] = {}

    def note(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            sizes[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        out = model(x)
    del out
    return sum(sizes.values())


def test_gradients_are_the_same_to_the_bit_with_dropout_too() -> None:
    x = torch.randn(2, 6, 16)
    model = make(dropout=0.5)
    plain = gradients(model, x)
    assert checkpoint_activations(model) == 3
    checkpointed = gradients(model, x)
    assert len(plain) == len(list(model.parameters()))
    assert all(torch.equal(a, b) for a, b in zip(plain, checkpointed, strict=True))


def test_far_less_is_kept_for_the_backward_pass() -> None:
    x = torch.randn(4, 32, 16)
    model = make()
    before = kept_bytes(model, x)
    checkpoint_activations(model)
    assert kept_bytes(model, x) < before / 5


def test_can_be_switched_off_again() -> None:
    x = torch.randn(4, 32, 16)
    model = make()
    before = kept_bytes(model, x)
    checkpoint_activations(model)
    checkpoint_activations(model, False)
    assert kept_bytes(model, x) == before


def test_a_model_without_blocks_has_none() -> None:
    assert checkpoint_activations(nn.Linear(2, 2)) == 0
