"""Means weighted by products of features: any block size, gradient, type and start agrees with the definition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import pytest
import torch
from torch import Tensor

from attnframe.attention.mixers.kernel_means import Kernel, Part, kernel_means

B, H, K, T, E, V = 3, 4, 2, 7, 3, 5
EVERY = Part(slice(None), slice(None))

Three: TypeAlias = tuple[Tensor, Tensor, Tensor]


def _features(x: Tensor, part: Part) -> Tensor:
    return torch.cat([x.float() if x.dtype is torch.bfloat16 else x, x[..., :1]], dim=-1).exp()


def _kernel(chunk: int, rows: int = 4, sequences: int | None = None) -> Kernel:
    return Kernel(_features, _features, chunk, rows, sequences)


def _inputs(queries: int = T, keys: int = T, dtype: torch.dtype = torch.float64) -> Three:
    generator = torch.Generator().manual_seed(0)
    shapes = ((B, H, queries, E), (B, K, keys, E), (B, K, keys, V))
    query, key, value = (torch.randn(*shape, generator=generator, dtype=torch.float64).to(dtype) for shape in shapes)
    return query.requires_grad_(), key.requires_grad_(), value.requires_grad_()


def _part(inputs: Three, rows: slice) -> Three:
    query, key, value = inputs
    return query[:, :, rows], key[:, :, rows], value[:, :, rows]


def _copy(inputs: Three, *, wants: tuple[bool, bool, bool], dtype: torch.dtype = torch.float64) -> Three:
    query, key, value = (one.detach().to(dtype).requires_grad_(want) for one, want in zip(inputs, wants, strict=True))
    return query, key, value


def _definition(query: Tensor, key: Tensor, value: Tensor, *, causal: bool) -> Tensor:
    key, value = (one.repeat_interleave(H // K, dim=1) for one in (key, value))
    products = _features(query, EVERY) @ _features(key, EVERY).mT
    if causal:
        products = products.tril()
    return products / products.sum(-1, keepdim=True) @ value


def _slopes(out: Tensor, inputs: Sequence[Tensor]) -> Iterator[Tensor]:
    direction = torch.randn(out.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64).to(out.dtype)
    yield from torch.autograd.grad((out * direction).sum(), inputs)


@pytest.mark.parametrize(
    ("chunk", "rows", "sequences"),
    [(1, 1, None), (1, 4, 2), (2, 4, None), (3, 3, 1), (2, 64, None), (3, 7, 2), (7, 7, 3), (64, 64, None)],
)
@pytest.mark.parametrize(("causal", "queries", "keys"), [(True, T, T), (False, T, T), (False, 4, 9), (False, 9, 1)])
def test_equals_the_definition_forward_and_gradient(
    chunk: int, rows: int, sequences: int | None, causal: bool, queries: int, keys: int
) -> None:
    inputs = _inputs(queries, keys)
    out, _ = kernel_means(*inputs, _kernel(chunk, rows, sequences), causal=causal)
    expected = _definition(*inputs, causal=causal)
    torch.testing.assert_close(out, expected)
    for one, other in zip(_slopes(out, inputs), _slopes(expected, inputs), strict=True):
        torch.testing.assert_close(one, other)


@pytest.mark.parametrize("causal", [True, False])
def test_the_gradient_is_the_same_when_only_one_input_wants_it(causal: bool) -> None:
    inputs = _inputs()
    whole = list(_slopes(kernel_means(*inputs, _kernel(3), causal=causal)[0], inputs))
    for i in range(3):
        some = _copy(inputs, wants=(i == 0, i == 1, i == 2))
        (found,) = _slopes(kernel_means(*some, _kernel(3), causal=causal)[0], [some[i]])
        assert torch.equal(found, whole[i])


def test_sums_go_on_from_where_they_ended() -> None:
    inputs = _copy(_inputs(), wants=(False, False, False))
    whole, last = kernel_means(*inputs, _kernel(2, 4, 2), causal=True)
    outs, sums = [], None
    for rows in (slice(0, 2), slice(2, 6), slice(6, 7)):
        out, sums = kernel_means(*_part(inputs, rows), _kernel(2, 4, 2), causal=True, sums=sums)
        outs.append(out)
    torch.testing.assert_close(torch.cat(outs, dim=2), whole)
    assert sums is not None
    assert sums.shape == (B, K, E + 1, V + 1)
    torch.testing.assert_close(sums, last)


def test_a_step_with_gradient_reads_earlier_sums() -> None:
    inputs = _inputs()
    whole = kernel_means(*inputs, _kernel(64, 64), causal=True)[0]
    _, sums = kernel_means(*_part(inputs, slice(0, 4)), _kernel(64, 64), causal=True)
    assert not sums.requires_grad
    out, _ = kernel_means(*_part(inputs, slice(4, None)), _kernel(2), causal=True, sums=sums)
    torch.testing.assert_close(out, whole[:, :, 4:])
    for one, other in zip(_slopes(out[:, :, 2:], inputs[:1]), _slopes(whole[:, :, 6:], inputs[:1]), strict=True):
        torch.testing.assert_close(one, other)


@pytest.mark.parametrize("causal", [True, False])
def test_keys_without_features_leave_zero_and_finite_gradients(causal: bool) -> None:
    def nothing(x: Tensor, part: Part) -> Tensor:
        return _features(x, part).masked_fill(torch.arange(T)[part.rows, None] < 3, 0.0)

    inputs = _inputs()
    out, _ = kernel_means(*inputs, Kernel(_features, nothing, 2, 4), causal=causal)
    unseen = out[:, :, :3] if causal else out[:, :, :0]
    assert not unseen.any()
    assert out[:, :, 3:].all()
    slopes = list(_slopes(out, inputs))
    assert all(one.isfinite().all() for one in slopes)
    assert not slopes[1][:, :, :3].any()
    everywhere_hidden = Kernel(_features, lambda x, part: 0.0 * _features(x, part), 2, 4)
    out, _ = kernel_means(*inputs, everywhere_hidden, causal=causal)
    assert not out.any()
    assert not any(one.any() for one in _slopes(out, inputs))


def test_features_are_told_which_sequences_and_tokens_they_are_of() -> None:
    scales = 1 + torch.arange(B * T, dtype=torch.float64).view(B, 1, T, 1)

    def scaled(x: Tensor, part: Part) -> Tensor:
        return _features(x, part) * part.of(scales)

    inputs = _inputs()
    outs = [
        kernel_means(*inputs, Kernel(_features, scaled, 2, rows, sequences), causal=True)[0]
        for rows, sequences in ((64, None), (2, 2))
    ]
    torch.testing.assert_close(*outs)
    torch.testing.assert_close(list(_slopes(outs[0], inputs)), list(_slopes(outs[1], inputs)))
    plain = kernel_means(*inputs, _kernel(64, 64), causal=True)[0]
    assert not torch.allclose(outs[0], plain)


@pytest.mark.parametrize("causal", [True, False])
def test_no_keys_give_zero(causal: bool) -> None:
    query, key, value = _inputs(0 if causal else T, 0)
    out, _ = kernel_means(query, key, value, _kernel(3), causal=causal)
    assert out.shape == (B, H, 0 if causal else T, V)
    assert not out.any()


@pytest.mark.parametrize("causal", [True, False])
def test_half_precision_comes_back_and_sums_are_wide(causal: bool) -> None:
    inputs = _inputs(dtype=torch.bfloat16)
    out, sums = kernel_means(*inputs, _kernel(3), causal=causal)
    assert (out.dtype, sums.dtype) == (torch.bfloat16, torch.float32)
    exact = _copy(inputs, wants=(True, True, True))
    expected = _definition(*exact, causal=causal)
    torch.testing.assert_close(out.double(), expected, atol=0.02, rtol=0.02)
    for one, other in zip(_slopes(out, inputs), _slopes(expected, exact), strict=True):
        assert one.dtype is torch.bfloat16
        torch.testing.assert_close(one.double(), other, atol=0.03, rtol=0.03)


@pytest.mark.parametrize("causal", [True, False])
def test_autocast_changes_no_bit(causal: bool) -> None:
    inputs = _inputs(dtype=torch.float32)
    plain = kernel_means(*inputs, _kernel(3), causal=causal)[0]
    slopes = list(_slopes(plain, inputs))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = kernel_means(*inputs, _kernel(3), causal=causal)[0]
        for one, other in zip(_slopes(out, inputs), slopes, strict=True):
            assert torch.equal(one, other)
    assert torch.equal(out, plain)


def test_compiled_graphs_hold_plain_operators() -> None:
    class Means(torch.nn.Module):
        def forward(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
            return kernel_means(query, key, value, _kernel(3), causal=True)[0]

    inputs = _inputs()
    graph = torch.export.export(Means(), inputs).module()
    out = graph(*inputs)
    expected = _definition(*inputs, causal=True)
    torch.testing.assert_close(out, expected)
    for one, other in zip(_slopes(out, inputs), _slopes(expected, inputs), strict=True):
        torch.testing.assert_close(one, other)


def test_outputs_and_gradients_lie_as_projections_read_and_write_them() -> None:
    joined = torch.randn(B, T, 3, H, E, requires_grad=True)
    query, key, value = joined.permute(2, 0, 3, 1, 4)
    out, _ = kernel_means(query, key, value, _kernel(3), causal=True)
    assert out.transpose(1, 2).is_contiguous()
    (slope,) = torch.autograd.grad(out.sum(), query)
    assert slope.transpose(1, 2).is_contiguous()


@pytest.mark.parametrize("causal", [True, False])
def test_shapes_alone_go_through_on_the_meta_device(causal: bool) -> None:
    query, key, value = (one.detach().to("meta").requires_grad_() for one in _inputs())
    for rows in (2, 64):
        out, sums = kernel_means(query, key, value, _kernel(2, rows), causal=causal)
        assert (out.shape, sums.shape) == ((B, H, T, V), (B, K, E + 1, V + 1))
        assert torch.autograd.grad(out.sum(), query)[0].shape == query.shape


def test_causal_blocks_are_whole_chunks_and_a_rest() -> None:
    every = slice(None)

    def told(parts: list[Part]) -> list[tuple[int, int, int]]:
        return [(part.rows.start, part.rows.stop, part.chunks) for part in parts]

    kernel = Kernel(_features, _features, chunk=4, rows=10, sequences=2)
    assert told(kernel.parts(every, 19, causal=True)) == [(0, 8, 2), (8, 16, 2), (16, 19, 1)]
    assert told(kernel.parts(every, 12, causal=True)) == [(0, 8, 2), (8, 12, 1)]
    assert told(kernel.parts(every, 3, causal=True)) == [(0, 3, 1)]
    assert told(kernel.parts(every, 0, causal=True)) == [(0, 0, 1)]
    assert told(kernel.parts(every, 19, causal=False)) == [(0, 10, 1), (10, 19, 1)]
    assert kernel.batches(5) == [slice(0, 2), slice(2, 4), slice(4, 5)]
    assert kernel.is_one_block(2, 10, causal=False)
    assert kernel.is_one_block(2, 8, causal=True)
    assert not kernel.is_one_block(3, 8, causal=True)
    assert not kernel.is_one_block(2, 10, causal=True)


def test_one_block_and_several_give_the_same() -> None:
    inputs = _inputs()
    whole, sums = kernel_means(*inputs, _kernel(7, 7), causal=True)
    parts, other = kernel_means(*inputs, _kernel(7, 7, 1), causal=True)
    torch.testing.assert_close(parts, whole)
    torch.testing.assert_close(other, sums)
    torch.testing.assert_close(list(_slopes(parts, inputs)), list(_slopes(whole, inputs)))
