"""The same plan with another variant."""

import pytest

from attnframe.baselines.exchange import with_attention
from attnframe.config.check import check
from attnframe.errors import ConfigurationError


def test_settings_stay_where_the_new_variant_has_them() -> None:
    plan = check(["task=next_symbol", "attention=gqa", "attention.num_heads=2", "attention.num_kv_heads=1"]).plans[0]
    window = with_attention(plan, "window", {"window": 5}, {"seed": 4})
    assert window.values["attention"].items() >= {"name": "window", "num_heads": 2, "window": 5}.items()
    assert (window.seed, window.parts.attention.name) == (4, "window")
    assert window.values["model"] == plan.values["model"]
    assert plan.values["attention"]["name"] == "gqa"


def test_defaults_of_the_old_variant_do_not_become_settings_of_the_new_one() -> None:
    plan = check(["task=next_symbol", "attention=mha"]).plans[0]
    assert with_attention(plan, "linear", {}, {}).values["attention"] == {"name": "linear"}


def test_the_control_takes_no_bias_of_scores() -> None:
    plan = check(["task=next_symbol", "position=alibi"]).plans[0]
    assert with_attention(plan, "none", {}, {}).parts.position.name == "none"
    assert with_attention(plan, "gqa", {}, {}).parts.position.name == "alibi"


def test_a_pair_that_cannot_work() -> None:
    plan = check(["task=next_symbol"]).plans[0]
    with pytest.raises(ConfigurationError, match="attention=linformer cannot serve task=next_symbol"):
        with_attention(plan, "linformer", {}, {})
