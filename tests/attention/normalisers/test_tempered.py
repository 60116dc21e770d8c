from __future__ import annotations

import pytest
import torch

from attnframe.attention.normalisers import Entmax, FusedForm, Sigmoid, Sinks, Softmax, Sparsemax, Tempered
from attnframe.errors import ConfigurationError

SCORES = torch.randn(4, 6, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(
    "inner", [Softmax(), Sparsemax(), Entmax(), Sigmoid(), Sinks(1)], ids=lambda n: type(n).__name__
)
def test_is_the_inner_one_of_divided_scores(inner: torch.nn.Module) -> None:
    tempered = Tempered(inner, 2.0)
    allowed = SCORES > -1
    torch.testing.assert_close(tempered.dense(SCORES, allowed), inner.dense(SCORES / 2, allowed))
    index = torch.tensor([0, 2, 2, 0])
    torch.testing.assert_close(tempered.segments(SCORES, index, 3), inner.segments(SCORES / 2, index, 3))
    assert tempered.rows_sum_to_one == inner.rows_sum_to_one


def test_the_fused_form_is_the_inner_one_at_that_temperature() -> None:
    assert Tempered(Tempered(Softmax(), 2.0), 0.25).fused() == FusedForm(temperature=0.5)
    sinks = Sinks(2)
    form = Tempered(sinks, 3.0).fused()
    assert form is not None
    assert (form.temperature, form.sink) == (3.0, sinks.logits)
    assert Tempered(Sparsemax(), 3.0).fused() is None


def test_the_temperature_is_above_0() -> None:
    with pytest.raises(ConfigurationError, match=r"temperature \(Tempered\) must be above 0. Got 0.0"):
        Tempered(Softmax(), 0.0)
