"""What every mixer with a running state serves, refuses and says of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch

from attnframe.attention.cache import GrowingCache, RecurrentCache
from attnframe.attention.mixer import Call, Mixer
from attnframe.attention.mixers import DeltaRuleMixer, GatedDeltaMixer, GatedLinearMixer, RetentionMixer
from attnframe.attention.mixers.recurrent import RecurrentMixer
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.masks import Causal, Documents, Extent, Full, Mask, Padding, Window

Make = Callable[..., Any]
MAKERS: dict[str, Callable[..., RecurrentMixer]] = {
    "retention": lambda **more: RetentionMixer(4, **more),
    "gated_linear": lambda **more: GatedLinearMixer(4, 4, 4, rank=2, **more),
    "delta_rule": lambda **more: DeltaRuleMixer(4, **more),
    "gated_delta": lambda **more: GatedDeltaMixer(4, 4, **more),
}
every = pytest.mark.parametrize("new", MAKERS.values(), ids=MAKERS)


def _call(mixer: Mixer, call: Call, seed: int = 0) -> Call:
    """The call with what the mixer asks for besides."""
    generator = torch.Generator().manual_seed(seed)
    extent = call.extent
    signals = {
        name: torch.randn(extent.batch, 4, extent.queries, width, generator=generator, dtype=torch.float64)
        for name, width in mixer.signals.items()
    }
    return replace(call, signals=signals)


def _of(new: Callable[..., RecurrentMixer], **more: Any) -> RecurrentMixer:
    torch.manual_seed(0)
    return new(**more).double()


def _rows(call: Call, rows: slice, state: RecurrentCache) -> Call:
    size = len(range(*rows.indices(call.extent.queries)))
    positions = torch.arange(rows.start, rows.start + size)
    signals = {name: signal[:, :, rows] for name, signal in call.signals.items()}
    return Call(call.mask, Extent(2, 4, size, size, rows.start, positions), state=state, signals=signals)


MASKS: dict[str, Mask] = {
    "causal": Causal(),
    "padding": Causal() & Padding(torch.arange(9) >= torch.tensor([[0], [4]])),
    "a hole": Causal() & Padding(torch.arange(9).expand(2, -1) != 3),
    "documents": Causal() & Documents(torch.arange(9).expand(2, -1) // 4),
    "both": Causal() & Documents(torch.arange(9).expand(2, -1) // 4) & Padding(torch.arange(9).expand(2, -1) != 3),
}


@every
@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
def test_the_output_is_weights_times_values_and_steps_give_it_too(
    make: Make, new: Callable[..., Any], mask: Mask
) -> None:
    query, key, value, call = make(9, mask=mask)
    mixer = _of(new, chunk=4)
    call = _call(mixer, call)
    out = mixer(query, key, value, call)
    weights = mixer.weights(query, key, call, slice(None))
    torch.testing.assert_close(weights @ value.repeat_interleave(2, dim=1), out)
    assert not weights[~mask.allows(call.extent.indices()).expand_as(weights)].any()
    for steps in ((1,) * 9, (4, 1, 4), (9,)):
        state, outs = RecurrentCache(2), []
        for step in steps:
            rows = slice(state.length, state.length + step)
            seen = state.append(key[:, :, rows], value[:, :, rows])
            outs.append(mixer(query[:, :, rows], seen.key, seen.value, _rows(call, rows, state)))
        torch.testing.assert_close(torch.cat(outs, dim=2), out)


@every
def test_a_hole_of_padding_is_as_if_it_were_not_there(make: Make, new: Callable[..., Any]) -> None:
    query, key, value, call = make(9, mask=MASKS["a hole"])
    mixer = _of(new)
    call = _call(mixer, call)
    out = mixer(query, key, value, call)
    kept = [0, 1, 2, 4, 5, 6, 7, 8]
    signals = {name: signal[:, :, kept] for name, signal in call.signals.items()}
    short = Call(Causal(), Extent(2, 4, 8, 8), signals=signals)
    alone = mixer(query[:, :, kept], key[:, :, kept], value[:, :, kept], short)
    torch.testing.assert_close(out[:, :, kept], alone)
    slopes = torch.autograd.grad(out.square().sum(), (key, value))
    assert not any(slope[:, :, 3].any() for slope in slopes)


@every
def test_what_a_running_state_cannot_serve_is_refused_with_advice(make: Make, new: Callable[..., Any]) -> None:
    query, key, value, call = make(6, mask=Causal())
    mixer = _of(new)
    call = _call(mixer, call)
    ids = torch.tensor([0, 0, 1, 1, 0, 0]).expand(2, -1)
    cases = [
        (replace(call, mask=Full()), "runs forwards, so it serves causal attention only. Use attention=linear or"),
        (replace(call, cross=True), "its own sequence, so it serves no cross attention. Use attention=linear or"),
        (
            replace(call, mask=Causal() & Window(2, 0)),
            "so it serves no Window mask, which gives each query keys of its own",
        ),
        (replace(call, mask=Causal() & Documents(ids, ids)), "so it serves no Documents mask"),
        (replace(call, mask=Causal() & Documents(ids)), "no document that goes on after another one. Put the tokens"),
        (
            replace(call, extent=Extent(2, 4, 6, 6, 2)),
            "serves queries and keys of the same tokens only. Decode with new_cache",
        ),
    ]
    for refused, said in cases:
        for run in (mixer, mixer.plan):
            with pytest.raises(UnsupportedError) as caught:
                run(query, key, value, refused)
            assert said in " ".join(str(caught.value).split())
        with pytest.raises(UnsupportedError):
            mixer.weights(query, key, refused, slice(None))
    with pytest.raises(UnsupportedError, match=r"holds no past keys to show weights of. Capture without a cache"):
        mixer.weights(query, key, _rows(call, slice(0, 6), RecurrentCache(2)), slice(None))


@every
def test_only_a_recurrent_cache_keeps_what_it_needs(new: Callable[..., Any]) -> None:
    mixer = _of(new)
    assert type(mixer.new_cache(2, None)) is RecurrentCache
    assert mixer.accepts(RecurrentCache(1))
    assert not mixer.accepts(GrowingCache(1))


@every
def test_the_plan_names_the_form_and_why_the_kernels_are_not_used(make: Make, new: Callable[..., Any]) -> None:
    mixer = _of(new)
    query, key, value, call = make(6, mask=Causal())
    plan = mixer.plan(query, key, value, _call(mixer, call))
    assert plan.chosen == ("parallel" if isinstance(mixer, RetentionMixer) else "chunked")
    said = plan.reasons()
    assert "its kernels run on CUDA, and the tensors are on cpu; its kernels take half precision, not float64" in said
    assert "the call has more than one token" in said
    query, key, value, call = make(1, mask=Causal())
    plan = mixer.plan(query, key, value, _call(mixer, call))
    assert plan.chosen == "step"
    assert "step is preferred" in plan.reasons()
    assert _of(new, chunk=4).plan(query, key, value, _call(mixer, call)).chosen == "step"
    with pytest.raises(UnsupportedError, match="causal attention only"):
        mixer.plan(query, key, value, replace(call, mask=Full()))


@every
def test_long_inputs_of_large_numbers_stay_finite_in_half_precision(new: Callable[..., Any]) -> None:
    mixer = _of(new).to(torch.bfloat16)
    x = (torch.randn(3, 1, 4, 300, 4) * 100).to(torch.bfloat16).requires_grad_()
    signals = {name: torch.randn(1, 4, 300, width).mul(100).to(torch.bfloat16) for name, width in mixer.signals.items()}
    call = Call(Causal(), Extent(1, 4, 300, 300), signals=signals)
    out = mixer.finish(mixer(*x, call), call)
    assert out.dtype == torch.bfloat16
    assert out.isfinite().all()
    assert torch.autograd.grad(out.sum(), x)[0].isfinite().all()


@every
def test_a_chunk_below_one_is_refused(new: Callable[..., Any]) -> None:
    with pytest.raises(ConfigurationError, match=r"chunk \(\w+Mixer\) must be at least 1. Got 0"):
        new(chunk=0)
    assert "chunk=3" in repr(new(chunk=3))


def test_the_state_is_kept_in_single_precision(make: Make) -> None:
    mixer, state = RetentionMixer(4).to(torch.bfloat16), RecurrentCache(1)
    x = torch.randn(1, 4, 5, 4).to(torch.bfloat16)
    seen = state.append(x, x)
    extent = Extent(1, 4, 5, 5, seen.start, seen.key_positions)
    mixer(x, seen.key, seen.value, Call(Causal(), extent, state=state, signals={"gate": x}))
    assert state.state["state"].dtype == torch.float32
    assert state.state["state"].shape == (1, 4, 4, 4)


def test_few_tokens_are_taken_at_once_unless_a_state_or_a_chunk_is_wanted(make: Make) -> None:
    mixer = _of(MAKERS["retention"])
    query, key, value, call = make(9, mask=MASKS["both"])
    call = _call(mixer, call)
    chunked = _of(MAKERS["retention"], chunk=4)
    torch.testing.assert_close(mixer(query, key, value, call), chunked(query, key, value, call))
    said = chunked.plan(query, key, value, _rows(call, slice(0, 9), RecurrentCache(2))).reasons()
    assert "it leaves no state to decode from; chunk=4 was asked for" in said
    query, key, value, call = make(129, mask=Causal())
    plan = mixer.plan(query, key, value, _call(mixer, call))
    assert plan.chosen == "chunked"
    assert "it is slower beyond 128 tokens" in plan.reasons()
