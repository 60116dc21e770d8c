"""The same plan with another attention variant. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attnframe.baselines.suite import CONTROL
from attnframe.plan import RunPlan
from attnframe.plan_from import attention_class, plan_from_values
from attnframe.recipe import defaults, hints
from attnframe.recipes.registry import attention_variant


def with_attention(plan: RunPlan, name: str, fields: Mapping[str, Any], changes: Mapping[str, Any]) -> RunPlan:
    """A plan with another variant, checked anew.

    Fields of attention that the plan changes from their default stay where the new variant has them. The control, which
    weights all keys alike, takes no position that is a bias of the scores.

    Args:
        plan: any run.
        name: the variant, or a file that defines it.
        fields: of the new variant.
        changes: other values of the configuration to replace, such as the seed.

    Raises:
        ConfigurationError: when task, position or data cannot be served by the variant.
    """
    variant = attention_variant(name)
    before = plan.values["attention"]
    usual = defaults(attention_class(before))
    kept = {key: value for key, value in before.items() if key in hints(variant) and value != usual.get(key)}
    node: dict[str, Any] = {"name": variant.name, **kept, **fields}
    if name.endswith(".py"):
        node["file"] = str(Path(name).expanduser().absolute())
    values = {**plan.values, "attention": node, **changes}
    if variant.name == CONTROL and plan.parts.position.view == "bias":
        values["position"] = {"name": "none"}
    return plan_from_values(values, plan.overrides)
