"""What is done to one score, as a function of one query and one key."""

from __future__ import annotations

import pytest
import torch

from attnframe.attention.backends.base import Weighting
from attnframe.attention.backends.score_mod import has_score_mod, is_capped_dot, score_mod
from attnframe.attention.mixer import Call, PositionBias
from attnframe.attention.normalisers import Softmax, Tempered
from attnframe.attention.scores import Additive, Dot, ScaledDot, SoftCap
from attnframe.errors import ConfigurationError
from attnframe.masks import Extent, Full
from attnframe.positions import Alibi, Shaw, T5Bias
from attnframe.positions.base import BiasPosition

H, T, S = 3, 5, 7
EXTENT = Extent(2, H, T, S)


class Steeper(Alibi):
    """A user's own class of the kind."""


def _t5(causal: bool) -> T5Bias:
    module = T5Bias(H, 8, 6, causal=causal).double()
    torch.nn.init.normal_(module.table, generator=torch.Generator().manual_seed(0))
    return module


@pytest.mark.parametrize("module", [Alibi(H), _t5(False), _t5(True)], ids=["alibi", "t5", "t5 causal"])
@pytest.mark.parametrize("rows", [1, 2])
@pytest.mark.parametrize("cap", [None, 1.5])
@pytest.mark.parametrize("temperature", [1.0, 0.5])
def test_is_cap_and_bias_and_temperature(
    module: BiasPosition, rows: int, cap: float | None, temperature: float
) -> None:
    generator = torch.Generator().manual_seed(1)
    at, of = (torch.randint(0, 20, (rows, size), generator=generator) for size in (T, S))
    bias = PositionBias(module, at, of)
    score = ScaledDot(4) if cap is None else SoftCap(ScaledDot(4), cap)
    scale, change = score_mod(
        Call(Full(), EXTENT, bias), Weighting(score, Tempered(Softmax(), temperature)), torch.float64
    )
    assert scale == 0.5
    assert change is not None
    scores = torch.randn(2, H, T, S, generator=generator, dtype=torch.float64)
    capped = scores if cap is None else cap * torch.tanh(scores / cap)
    expected = (capped + module.bias(at, of)) / temperature
    index = EXTENT.indices()
    given = torch.broadcast_tensors(scores, index.batch, index.head, index.query, index.key)
    torch.testing.assert_close(change(*given), expected, rtol=1e-12, atol=1e-12)


def test_a_temperature_alone_goes_into_the_factor() -> None:
    scale, change = score_mod(Call(Full(), EXTENT), Weighting(Dot(), Tempered(Softmax(), 4.0)), torch.float32)
    assert (scale, change) == (0.25, None)


def test_only_the_classes_themselves_are_known() -> None:
    places = torch.arange(5).unsqueeze(0)
    assert has_score_mod(PositionBias(Alibi(H), places, places))
    assert not has_score_mod(PositionBias(Steeper(H), places, places))
    assert not has_score_mod(PositionBias(Shaw(4), places, places))
    assert not has_score_mod(None)
    assert is_capped_dot(SoftCap(Dot(), 2.0))
    assert not is_capped_dot(Dot())
    assert not is_capped_dot(SoftCap(Additive(H, 4), 2.0))


@pytest.mark.parametrize(
    ("module", "places"),
    [(Alibi(H), torch.zeros(1, T, 2)), (_t5(False), torch.zeros(1, T))],
    ids=["coordinates", "real numbers"],
)
def test_positions_of_another_kind_are_refused(module: BiasPosition, places: torch.Tensor) -> None:
    with pytest.raises(ConfigurationError):
        score_mod(
            Call(Full(), EXTENT, PositionBias(module, places, places)), Weighting(Dot(), Softmax()), torch.float32
        )
