"""The conformance suite finds what it claims to find: each broken variant breaks the law that is about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

import pytest
import torch
from torch import Tensor

from attnframe.attention.cache import Cache, GrowingCache, RecurrentCache
from attnframe.attention.layer import Attention
from attnframe.attention.mixer import Call, Mixer, share_heads
from attnframe.errors import UnsupportedError
from attnframe.masks import Causal, Full, Padding, terms
from attnframe.positions.base import Position
from attnframe.recipe import frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.gqa import GroupedQueryAttention
from attnframe.recipes.attention.window import WindowAttention
from attnframe.recipes.capabilities import Capabilities
from attnframe.testing import attention_checks, check_attention


class PlainMixer(Mixer):
    """Softmax attention whose steps can be broken one by one."""

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        return self.weights(query, key, call, slice(None)) @ share_heads(query, value)

    def weights(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        scores = query[:, :, rows] @ share_heads(query, key).transpose(-1, -2) * self.scale(query)
        if call.bias is not None:
            scores = scores + call.bias.scores(query[:, :, rows] * self.scale(query), rows)
        visible = self.visible(call, rows)
        filled = scores.double().clamp(-1e5, 1e5).masked_fill(~visible, -1e9)
        return self.clear(torch.softmax(filled, dim=-1).to(query.dtype), visible)

    def scale(self, query: Tensor) -> float:
        return query.shape[-1] ** -0.5

    def visible(self, call: Call, rows: slice) -> Tensor:
        return call.visible(rows)

    def clear(self, weights: Tensor, visible: Tensor) -> Tensor:
        return weights.masked_fill(~visible, 0.0)


class WrongScale(PlainMixer):
    def scale(self, query: Tensor) -> float:
        return 1.0


class SeesFuture(PlainMixer):
    def visible(self, call: Call, rows: slice) -> Tensor:
        rest = tuple(term for term in terms(call.mask) if not isinstance(term, Causal))
        return replace(call, mask=Full() if not rest else rest[0]).visible(rows)


class SeesPadding(PlainMixer):
    def visible(self, call: Call, rows: slice) -> Tensor:
        seen = super().visible(call, rows)
        return seen if not any(isinstance(term, Padding) for term in terms(call.mask)) else torch.ones_like(seen)


class MeanWhenBlind(PlainMixer):
    def clear(self, weights: Tensor, visible: Tensor) -> Tensor:
        return weights


class IgnoresDocuments(PlainMixer):
    def visible(self, call: Call, rows: slice) -> Tensor:
        kept = [term for term in terms(call.mask) if type(term).__name__ != "Documents"]
        mask = Full()
        for term in kept:
            mask = mask & term
        return replace(call, mask=mask).visible(rows)


class KeepsPastTwice(PlainMixer):
    def new_cache(self, batch: int, max_length: int | None) -> Cache:
        return _Doubling(batch)

    def accepts(self, cache: Cache) -> bool:
        return True


class _Doubling(GrowingCache):
    def reorder(self, indices: Tensor) -> None:
        self._batch = len(indices)
        self._buffers = {name: buffer[: len(indices)] for name, buffer in self._buffers.items()}


class ShowsOtherWeights(PlainMixer):
    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        return 1.5 * super().forward(query, key, value, call)


class DrawsAtRandom(PlainMixer):
    def clear(self, weights: Tensor, visible: Tensor) -> Tensor:
        return super().clear(weights, visible) * (1 + 1e-3 * torch.rand((), dtype=weights.dtype))


class LeavesParameterAlone(PlainMixer):
    def __init__(self) -> None:
        super().__init__()
        self.unused = torch.nn.Parameter(torch.ones(1))


class NoWeights(PlainMixer):
    def weights(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        raise self.refusal("has no weights to show", "Try attention=mha.")

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        return PlainMixer.weights(self, query, key, call, slice(None)) @ share_heads(query, value)


class RefusesWithoutAdvice(PlainMixer):
    takes_bias = False

    def refusal(self, reason: str, works: str) -> UnsupportedError:
        return super().refusal(reason, "")


class OtherCache(PlainMixer):
    def new_cache(self, batch: int, max_length: int | None) -> Cache:
        return RecurrentCache(batch)


@frozen
class Plain(AttentionVariant):
    """A right variant around a mixer under test."""

    name: ClassVar[str] = "plain"
    summary: ClassVar[str] = "a test"
    capabilities: ClassVar[Capabilities] = Capabilities(dropout=False)
    mixer: ClassVar[type[Mixer]] = PlainMixer

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        return Attention(
            dim, self.num_heads, causal=causal, position=position, context_dim=context_dim, mixer=self.mixer()
        )


def _variant(mixer: type[Mixer], **claims: object) -> type[AttentionVariant]:
    """`Plain` around another mixer, with other claims."""
    changed = {"mixer": mixer, "capabilities": replace(Plain.capabilities, **claims)}
    return frozen(type("Broken", (Plain,), changed))


def _broken_laws(variant: type[AttentionVariant], laws: set[str] | None = None) -> set[str]:
    """The laws that a variant breaks, of some or of all."""
    broken = set()
    for name, check in attention_checks(variant):
        law = name.removeprefix("plain: ")
        try:
            if laws is None or law in laws:
                check()
        except Exception:
            broken.add(law)
    return broken


def test_a_right_variant_keeps_every_law() -> None:
    assert _broken_laws(Plain) == set()


@pytest.mark.parametrize(
    ("mixer", "laws"),
    [
        (WrongScale, {"equals the reference"}),
        (SeesFuture, {"the future is unseen", "equals the reference", "cached equals full"}),
        (SeesPadding, {"padding equals cutting", "weights are shares"}),
        (MeanWhenBlind, {"nothing visible gives zero", "weights are shares"}),
        (IgnoresDocuments, {"packing equals parting"}),
        (KeepsPastTwice, {"reorder follows beams"}),
        (ShowsOtherWeights, {"output is weights times values"}),
        (DrawsAtRandom, {"capture changes no bit"}),
        (LeavesParameterAlone, {"every parameter learns"}),
        (NoWeights, {"weights are as declared"}),
        (OtherCache, {"the cache is as declared", "cached equals full"}),
    ],
)
def test_a_broken_variant_breaks_the_law_about_it(mixer: type[Mixer], laws: set[str]) -> None:
    assert _broken_laws(_variant(mixer), laws) == laws


@pytest.mark.parametrize(
    ("claims", "law"),
    [
        ({"cross": False}, "modes are as declared"),
        ({"noncausal": False}, "modes are as declared"),
        ({"edges": False}, "modes are as declared"),
        ({"masks": frozenset({"padding"})}, "masks are as declared"),
        ({"bias": False}, "positions are as declared"),
        ({"weights": "none"}, "weights are as declared"),
        ({"cache": "none"}, "the cache is as declared"),
        ({"cache": "ring"}, "the cache is as declared"),
        ({"dropout": True}, "dropout is as declared"),
        ({"cost": "n*w"}, "the variant's own mask is declared"),
    ],
)
def test_a_false_claim_is_found(claims: dict[str, object], law: str) -> None:
    assert _broken_laws(_variant(PlainMixer, **claims), {law}) == {law}


def test_a_refusal_without_advice_is_found() -> None:
    law = "positions are as declared"
    assert _broken_laws(_variant(RefusesWithoutAdvice, bias=False), {law}) == {law}


def test_check_attention_tells_all_that_is_broken_at_once() -> None:
    with pytest.raises(AssertionError, match=r"^\d+ of \d+ checks failed:\n- plain: ") as caught:
        check_attention(_variant(MeanWhenBlind))
    assert "nothing visible gives zero" in str(caught.value)
    assert "weights are shares" in str(caught.value)


def test_instances_classes_and_names_are_taken() -> None:
    subjects: list[object] = [
        "window",
        WindowAttention,
        WindowAttention(window=3),
        GroupedQueryAttention(num_kv_heads=4),
    ]
    for subject in subjects:
        names = [name for name, _ in attention_checks(subject)]
        assert len(names) > 20
    assert all(name.startswith("gqa: ") for name in names)


def test_laws_that_a_declaration_excludes_are_left_out() -> None:
    names = [name for name, _ in attention_checks("linear")]
    assert "linear: equals the reference" not in names
    assert "linear: dropout acts in training only" not in names
    assert "mha: equals the reference" in [name for name, _ in attention_checks("mha")]


def test_without_an_argument_everything_registered_is_tested() -> None:
    tested = {name.partition(":")[0] for name, _ in attention_checks()}
    assert {"gqa", "linear", "mha", "mqa", "none", "window"} <= tested


def test_checks_can_be_called_from_a_plain_loop() -> None:
    checks: dict[str, Callable[[], None]] = dict(attention_checks("mha"))
    checks["mha: rows of a batch are apart"]()
