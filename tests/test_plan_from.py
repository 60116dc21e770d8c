"""From resolved values to a plan, without composing: what a run folder or a checkpoint holds is enough."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from attnframe.errors import ConfigurationError
from attnframe.plan_from import cache_folder, data_folder, plan_from_values

Values = Callable[..., dict[str, Any]]


def told(values: dict[str, Any]) -> list[str]:
    with pytest.raises(ConfigurationError) as error:
        plan_from_values(values)
    return [str(fault) for fault in error.value.faults]


def test_values_make_a_plan(toy_values: Values) -> None:
    plan = plan_from_values(toy_values(seed=3, attention__num_heads=4), ["seed=3"])
    assert (plan.plugin.name, plan.task.name, plan.data.name) == ("toy", "symbol_counting", "symbols")
    assert (plan.seed, plan.parts.attention.num_heads, plan.parts.model.dim) == (3, 4, 16)
    assert plan.overrides == ("seed=3",)
    assert plan.values["optim"]["lr"] == plan.optim.lr


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"plugin": None}, "plugin must be given. Got None."),
        ({"plugin": "tyo"}, "plugin=tyo is not an installed plugin. Did you mean toy?"),
        ({"task": "symbol_count"}, "task=symbol_count is not a task of plugin=toy. Did you mean symbol_counting?"),
        ({"attention": {"name": "gqqa"}}, "attention=gqqa is not an option. Did you mean gqa?"),
        ({"position": {}}, "position=None is not an option."),
        ({"data": {"name": "symbol"}}, "data=symbol is not an option of task=symbol_counting. Did you mean symbols?"),
        ({"model": 3}, "model must be a mapping of fields. Got 3."),
        ({"model": {"name": "transform"}}, "model=transform is no model of task=symbol_counting. Did you mean transf"),
        ({"optim__lrr": 1}, "optim.lrr (OptimRecipe) is not a known key. Did you mean lr?"),
        ({"sed": 1}, "sed (RunRecipe) is not a known key. Did you mean seed?"),
        ({"_target_": "os.system"}, "_target_ (RunRecipe) is not a known key."),
        ({"attention": {"name": "mha", "file": "/nowhere.py"}}, "attention=/nowhere.py must be a readable file."),
    ],
)
def test_wrong_values_are_told(toy_values: Values, changes: dict[str, Any], text: str) -> None:
    faults = told(toy_values(**changes))
    assert len(faults) == 1
    assert text in faults[0]


def test_faults_of_all_nodes_are_told_at_once(toy_values: Values) -> None:
    faults = told(toy_values(optim__lr=0, trainer__max_epochs=0, seed=-1, model__dim="x", attention__num_heads=0))
    assert [fault.split(" ")[0] for fault in faults] == [
        "seed",
        "attention.num_heads",
        "model.dim",
        "optim.lr",
        "trainer.max_epochs",
    ]


def test_a_file_must_still_define_the_variant_that_was_chosen(toy_values: Values, tmp_path: Path) -> None:
    file = tmp_path / "variant.py"
    file.write_text(
        "from __future__ import annotations\nfrom typing import ClassVar\n"
        "from attnframe.recipe import frozen\n"
        "from attnframe.recipes.attention.base import AttentionVariant\n"
        "from attnframe.recipes.capabilities import Capabilities\n\n\n"
        "@frozen\nclass Now(AttentionVariant):\n"
        "    name: ClassVar[str] = 'now'\n    summary: ClassVar[str] = 'now'\n"
        "    capabilities: ClassVar[Capabilities] = Capabilities()\n\n"
        "    def build(self, dim, *, causal=False, position=None, context_dim=None): ...\n"
    )
    node = {"name": "now", "file": str(file), "num_heads": 2}
    assert plan_from_values(toy_values(attention=node)).parts.attention.name == "now"
    faults = told(toy_values(attention=node | {"name": "then"}))
    assert faults == [f"attention.file={file} must define the variant 'then'. Got 'now'."]


def test_folders_come_from_the_environment_else_from_the_platform(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ATTNFRAME_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ATTNFRAME_CACHE_DIR", str(tmp_path / "cache"))
    assert data_folder(None) == tmp_path / "data"
    assert data_folder(str(tmp_path / "given")) == tmp_path / "given"
    assert cache_folder() == tmp_path / "cache"
    monkeypatch.delenv("ATTNFRAME_DATA_DIR")
    monkeypatch.delenv("ATTNFRAME_CACHE_DIR")
    assert data_folder(None).parent.name == cache_folder().parent.name == "attnframe"
    assert data_folder(None) != cache_folder()
