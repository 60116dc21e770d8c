"""The random requests find what they claim to find, and are the same ones each time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
import torch
from torch import Tensor

from attnframe.attention.layer import Attention
from attnframe.attention.mixer import Call, share_heads
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.errors import Fault, UnsupportedError
from attnframe.masks import terms
from attnframe.positions.base import Position
from attnframe.recipe import frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.capabilities import Capabilities
from attnframe.testing.fuzz import Outcome, check_request, draw_request

Break = Callable[[SoftmaxMixer, Tensor, Tensor, Tensor, Call], Tensor]


def variant(broken: Break, claims: Capabilities | None = None) -> type[AttentionVariant]:
    """Multi-head attention in which something is broken."""

    class Mixing(SoftmaxMixer):
        def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
            return broken(self, query, key, value, call)

    @frozen
    class Broken(AttentionVariant):
        name: ClassVar[str] = "broken"
        summary: ClassVar[str] = "broken"
        capabilities: ClassVar[Capabilities] = claims or Capabilities(dropout=False)

        def build(
            self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
        ) -> Attention:
            options: dict[str, Any] = {"causal": causal, "position": position, "context_dim": context_dim}
            return Attention(dim, self.num_heads, mixer=Mixing(), **options)

    return Broken


def check_all(one: type[AttentionVariant]) -> None:
    for number in range(60):
        check_request(number, [one])


def plain(mixer: SoftmaxMixer, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
    return SoftmaxMixer.forward(mixer, query, key, value, call)


def ignores_bias(mixer: SoftmaxMixer, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
    return plain(mixer, query, key, value, Call(call.mask, call.extent))


def drops_a_mask(mixer: SoftmaxMixer, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
    """The last part of a conjunction is lost, as when a prefix becomes causal."""
    parts = terms(call.mask)
    return plain(mixer, query, key, value, Call(parts[0] if len(parts) > 1 else call.mask, call.extent, call.bias))


def shows_everything_to_empty_rows(
    mixer: SoftmaxMixer, query: Tensor, key: Tensor, value: Tensor, call: Call
) -> Tensor:
    out = plain(mixer, query, key, value, call)
    empty = ~call.visible().any(-1, keepdim=True)
    return torch.where(empty, share_heads(query, value).mean(2, keepdim=True), out)


def wrong_gradient(mixer: SoftmaxMixer, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
    return plain(mixer, query, key.detach() + 0 * key, value, call)


def refuses_in_vain(mixer: SoftmaxMixer, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
    raise mixer.refusal("does nothing", "Use attention=mha.")


def names_no_way_out(mixer: SoftmaxMixer, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
    raise UnsupportedError(Fault("attention", "does nothing"))


def breaks(mixer: SoftmaxMixer, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
    raise RuntimeError("shapes do not match")


NOTHING = Capabilities(dropout=False, causal=False, noncausal=False, cross=False, masks=frozenset(), bias=False)
CASES: dict[str, tuple[Break, Capabilities | None, str]] = {
    "ignores the bias": (ignores_bias, None, "the output differs"),
    "drops a mask": (drops_a_mask, None, "differs|without a visible key"),
    "empty rows": (shows_everything_to_empty_rows, None, "an output without a visible key is not 0"),
    "wrong gradient": (wrong_gradient, None, "the gradient in keys differs"),
    "refuses what is declared": (refuses_in_vain, None, "is declared, yet refused"),
    "serves what is not declared": (plain, NOTHING, "is declared not to be served, yet served"),
    "names no way out": (names_no_way_out, NOTHING, "names nothing that works"),
    "another exception": (breaks, None, "RuntimeError: shapes do not match"),
}


@pytest.mark.parametrize(("broken", "claims", "told"), CASES.values(), ids=[*CASES])
def test_what_is_broken_is_found(broken: Break, claims: Capabilities | None, told: str) -> None:
    with pytest.raises(AssertionError, match=rf"request \d+, attention=broken .*\n(.*\n)?.*({told})"):
        check_all(variant(broken, claims))


def test_advice_that_does_not_work_is_found() -> None:
    def advises_nystrom(mixer: SoftmaxMixer, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        raise mixer.refusal("does nothing", "Use attention=nystrom.")

    with pytest.raises(AssertionError, match=r"no advice of .* works"):
        check_all(variant(advises_nystrom, NOTHING))


def test_what_is_right_is_served() -> None:
    found = {check_request(number, [variant(plain)]) for number in range(30)}
    assert found == {*Outcome}


def test_a_number_is_always_the_same_request() -> None:
    first, second = (draw_request(17, [MultiHeadAttention]) for _ in range(2))
    assert str(first) == str(second)
    assert torch.equal(first.numbers(1, 3, 4), second.numbers(1, 3, 4))
    assert {draw_request(n, [MultiHeadAttention]).dtype for n in range(40)} == {
        torch.float32,
        torch.float64,
        torch.bfloat16,
    }
