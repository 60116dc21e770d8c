"""Overrides to plans: what is chosen, what is told, and that nothing is told twice or too late."""

from pathlib import Path
from typing import Any

import pytest

from attnframe.config.check import check, compose
from attnframe.errors import ConfigurationError
from attnframe.recipe import hints
from attnframe.recipes.registry import attention_variants


def told(*overrides: str, sweep: bool = False) -> list[str]:
    with pytest.raises(ConfigurationError) as error:
        check(overrides, sweep=sweep)
    return [str(fault) for fault in error.value.faults]


def test_a_plugin_brings_task_data_position_and_fields() -> None:
    values = compose(["plugin=outside"])
    assert (values["plugin"], values["task"], values["data"]["name"]) == ("outside", "majority", "triples")
    assert values["position"] == {"name": "sinusoidal", "base": 10000.0}
    assert values["attention"]["num_heads"] == 2  # of the task's file
    assert values["data"]["batch_size"] == 16  # of the data's file
    assert values["data"]["examples"] == 240  # of the recipe
    assert values["model"]["classes"] == 3


def test_each_node_has_the_fields_of_its_recipe_only() -> None:
    values = compose(["plugin=outside"])  # the task's file sets num_kv_heads, which mha does not have
    assert set(values["attention"]) == {"name", *hints(attention_variants()["mha"])}
    assert compose(["plugin=outside", "attention=gqa"])["attention"]["num_kv_heads"] == 1
    assert "horizon" not in values["model"]
    assert "period" not in values["data"]


def test_every_variant_that_serves_the_task_composes_with_its_fields_only() -> None:
    plan = check(["plugin=outside"]).plans[0]
    for name, variant in attention_variants().items():
        if not plan.task.needs(plan.parts.model).unmet(variant.capabilities):
            assert set(compose(["plugin=outside", f"attention={name}"])["attention"]) == {"name", *hints(variant)}, name


def test_the_more_specific_wins_and_the_command_line_over_all() -> None:
    assert compose(["task=next_symbol"])["model"]["depth"] == 2  # data over recipe
    assert compose(["task=next_symbol", "model=small"])["model"]["depth"] == 4  # a chosen size over data
    assert compose(["plugin=outside", "model=bag"])["model"]["dim"] == 8  # the recipe of the chosen model
    assert compose(["experiment=long_waves"])["data"]["length"] == 12
    assert compose(["experiment=long_waves"])["attention"]["name"] == "window"  # experiment over task
    values = compose(["experiment=long_waves", "attention=mqa", "data.length=10", "model=small", "model.depth=3"])
    assert (values["attention"]["name"], values["data"]["length"], values["model"]["depth"]) == ("mqa", 10, 3)
    assert compose(["experiment=long_waves"])["seed"] == 5
    assert compose(["experiment=long_waves", "seed=1"])["seed"] == 1


@pytest.mark.parametrize(
    ("preset", "field"),
    [
        ("overfit", "overfit_batches"),
        ("few_batches", "limit_batches"),
        ("profile", "profile"),
        ("gradients", "watch_layers"),
    ],
)
def test_debug_presets_win_over_the_task(preset: str, field: str) -> None:
    trainer = compose(["plugin=outside", f"debug={preset}"])["trainer"]
    assert trainer[field]
    assert compose(["plugin=outside", f"debug={preset}", "trainer.max_epochs=7"])["trainer"]["max_epochs"] == 7


def test_places_to_run() -> None:
    assert compose(["plugin=outside", "trainer=gpu"])["trainer"]["name"] == "gpu"
    assert compose(["plugin=outside", "trainer=gpu"])["trainer"]["precision"] == "bf16"


def test_a_logger_may_be_a_name_or_a_list() -> None:
    assert compose(["plugin=outside", "logger=tensorboard"])["logger"] == ["tensorboard"]
    assert compose(["plugin=outside", "logger=[tensorboard,wandb]"])["logger"] == ["tensorboard", "wandb"]
    assert told("plugin=outside", "logger=tensorbord") == [
        "logger (RunRecipe) must be a list of one of csv, tensorboard, wandb, mlflow. Got ('tensorbord',)."
    ]


@pytest.mark.parametrize(
    ("override", "text"),
    [
        ("plugn=outside", "plugn is not a known key. Did you mean plugin?"),
        ("num_heads=2", "num_heads is not a known key. Did you mean attention.num_heads"),
        ("lr=1", "lr is not a known key. Did you mean optim.lr?"),
        ("atention.num_heads=2", "atention.num_heads is not a known key. Did you mean attention.num_heads"),
        ("attention.num_head=2", "attention.num_head is not a known key. Did you mean attention.num_heads"),
        ("model.dept=2", "model.dept is not a known key. Did you mean model.depth?"),
        ("data.batchsize=2", "data.batchsize is not a known key. Did you mean data.batch_size?"),
        ("attention=gqqa", "attention=gqqa is not an option. Did you mean gqa? Known: "),
        ("position=rop", "position=rop is not an option. Did you mean rope? Known: alibi"),
        ("trainer=gpus", "trainer=gpus is not an option. Did you mean gpu? Known: cpu, gpu."),
        ("debug=overfitt", "debug=overfitt is not an option. Did you mean overfit?"),
        ("attention=null", "attention=null is not an option."),
        ("attention.name=gqa", "attention.name is not a known key. Choose with attention=OPTION: "),
        ("+model.width=2", "+model.width=2 must not begin with + or ~"),
        ("~model", "~model must not begin with + or ~"),
        ("model", "'model' must have the form KEY=VALUE."),
        ("model.dim=", "model.dim (MajorityModel) must be an integer at least 1. Got ''."),
        ("model.dim=[1", "model.dim must have a value that can be read. Got '[1'."),
        ("attention=mha,gqa", "attention must be one value in a single run. Got 'mha,gqa'. Add -m for a sweep."),
        ("data.split=0.8,0.1,0.1", "Add -m for a sweep, or write data.split=[0.8,0.1,0.1] for a list."),
        ("model.dim=wide", "model.dim (MajorityModel) must be an integer at least 1. Got 'wide'."),
        ("optim.lr=-1", "optim.lr (OptimRecipe) must be a number above 0. Got -1"),
        ("seed=-1", "seed (RunRecipe) must be an integer from 0 to 4.29497e+09. Got -1."),
        ("attention.num_heads=3", "attention.num_heads (MultiHeadAttention) must divide model.dim=16. Got 3."),
        (
            "attention.window=3",
            "attention.window is not a field of attention=mha. Got 3. Leave it out, or choose attention=",
        ),
        ("data.period=3", "data.period is not a field of data=triples. Got 3. Leave it out, or choose data=waves."),
        (
            "model.horizon=3",
            "model.horizon is not a field of model=transformer of task=majority. Got 3. Leave it out, or choose "
            "task=next_symbol.",
        ),
        (
            "model.spread=3",
            "model.spread is not a field of model=transformer of task=majority. Got 3. Leave it out, or choose "
            "model=bag.",
        ),
        ("model=bga", "model=bga is no model of task=majority. Did you mean bag? Known: bag, large, medium, small, "),
        (
            "model=oracle",
            "model=oracle cannot serve task=majority: it knows the answer. Works: model=transformer or model",
        ),
        ("optim.lr=${nothing}", "the configuration cannot be composed. Interpolation key 'nothing' not found"),
    ],
)
def test_one_wrong_override_is_told_with_what_works(override: str, text: str) -> None:
    faults = told("plugin=outside", override)
    assert len(faults) == 1
    assert text in faults[0]


def test_a_wrong_model_hides_no_other_fault_and_brings_no_echo() -> None:
    faults = told(
        "plugin=outside", "model=bga", "model.spred=2", "model.spread=2", "model.dim=0", "optim.lr=0", "sed=1"
    )
    assert [fault.split(" ")[0] for fault in faults] == ["model.spred", "sed", "model=bga", "optim.lr"]


def test_faults_of_all_passes_are_told_together_and_once() -> None:
    faults = told("plugin=outside", "modl.dim=3", "optim.lr=0", "attention.window=2", "attention.dropout=2", "seed=x")
    expected = ["modl.dim", "seed", "attention.dropout", "optim.lr", "attention.window"]
    assert [fault.split(" ")[0] for fault in faults] == expected


def test_a_wrong_plugin_hides_neither_names_nor_values() -> None:
    faults = told("plugin=outsid", "attention=gqqa", "attention.num_heads=8", "optim.lr=0", "model.anything=1", "sed=1")
    assert [fault.split(" ")[0] for fault in faults] == ["plugin=outsid", "attention=gqqa", "sed", "optim.lr"]


def test_a_wrong_dataset_hides_no_other_fault_and_brings_no_echo() -> None:
    faults = told("plugin=outside", "data=wavs", "data.period=2", "model.dim=0", "optim.lr=0")
    assert [fault.split(" ")[0] for fault in faults] == ["data=wavs", "model.dim", "optim.lr"]


def test_an_override_given_twice_is_told() -> None:
    assert told("plugin=outside", "seed=1", "seed=2") == ["seed must be given once. The last one is not used."]


def test_a_task_speaks_for_itself() -> None:
    faults = told("task=next_symbol", "model.horizon=9")
    assert faults == ["model.horizon (NextModel) must be below data.length=9. Got 9. Try model.horizon=1."]


def test_fields_of_an_option_file_that_no_option_has_are_told(tmp_path: Path) -> None:
    (tmp_path / "experiment").mkdir()
    text = "# @package _global_\ndefaults:\n  - override /task: majority\nmodel:\n  wdth: 3\n"
    (tmp_path / "experiment" / "typo.yaml").write_text(text)
    with pytest.raises(ConfigurationError, match=r"model.wdth stands in an option file, but no option of model has it"):
        check(["experiment=typo"], extra=[tmp_path])


def test_presets_of_ones_own_compose(tmp_path: Path) -> None:
    (tmp_path / "experiment").mkdir()
    text = "# @package _global_\ndefaults:\n  - override /task: next_symbol\nmodel:\n  dim: 32\n"
    (tmp_path / "experiment" / "mine.yaml").write_text(text)
    assert check(["experiment=mine"], extra=[tmp_path]).plans[0].parts.model.dim == 32


@pytest.mark.parametrize("key", ["data.path", "data_dir"])
def test_paths_are_literal_and_absolute(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = "Ü ber,a=b~'x'\"y\"[1]{2}${z}\\"
    values = compose(["plugin=outside", f"{key}={name}"])
    found = values["data"]["path"] if key == "data.path" else values["data_dir"]
    assert found == str(tmp_path / name)


def test_the_data_folder_is_given_by_override_else_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ATTNFRAME_DATA_DIR", str(tmp_path / "env"))
    assert check(["plugin=outside"]).plans[0].data_dir == tmp_path / "env"
    assert check(["plugin=outside", f"data_dir={tmp_path / 'given'}"]).plans[0].data_dir == tmp_path / "given"
    monkeypatch.delenv("ATTNFRAME_DATA_DIR")
    assert check(["plugin=outside"]).plans[0].data_dir.name == "data"


# Sweeps


def chosen(*overrides: str) -> list[tuple[Any, ...]]:
    plans = check(overrides, sweep=True).plans
    return [(plan.task.name, plan.data.name, plan.parts.attention.name, plan.seed) for plan in plans]


def test_a_sweep_is_the_product_of_its_lists() -> None:
    assert chosen("plugin=outside", "attention=mha,gqa", "seed=range(0,2)") == [
        ("majority", "triples", "mha", 0),
        ("majority", "triples", "mha", 1),
        ("majority", "triples", "gqa", 0),
        ("majority", "triples", "gqa", 1),
    ]


def test_the_plan_of_a_point_knows_the_overrides_of_the_point() -> None:
    plans = check(["plugin=outside", "seed=0,1"], sweep=True).plans
    assert plans[1].overrides == ("plugin=outside", "seed=1", "task=majority", "data=triples")
    assert check(["task=majority"]).plans[0].overrides == ("task=majority",)


def test_models_are_swept_and_each_has_its_own_fields() -> None:
    checked = check(["plugin=outside", "model=transformer,bag,tiny", "model.spread=2"], sweep=True)
    nodes = [plan.values["model"] for plan in checked.plans]
    assert [(node["name"], node["dim"], node["depth"], node.get("spread")) for node in nodes] == [
        ("transformer", 16, 1, None),
        ("bag", 8, 4, 2),
        ("transformer", 64, 2, None),
    ]
    assert checked.notices == (
        "model.spread is ignored where there is no such field: model=transformer of task=majority",
    )


def test_a_model_that_some_task_of_a_sweep_lacks_is_told_with_the_point() -> None:
    (fault,) = told("task=majority,next_symbol", "model=bag", sweep=True)
    assert fault.startswith(
        "model=bag is no model of task=next_symbol. Known: large, medium, small, tiny, transformer."
    )
    assert fault.endswith("At 1 of 2 points, first task=next_symbol model=bag plugin=outside data=waves.")


def test_option_files_choose_a_model_and_a_size_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "experiment").mkdir()
    text = "# @package _global_\ndefaults:\n  - override /task: {}\n  - override /model: bag\nmodel:\n  dim: 24\n"
    (tmp_path / "experiment" / "bags.yaml").write_text(text.format("majority"))
    (tmp_path / "experiment" / "lost.yaml").write_text(text.format("next_symbol"))

    def node(*overrides: str) -> dict[str, Any]:
        found: dict[str, Any] = check(overrides, extra=[tmp_path]).plans[0].values["model"]
        return {name: found[name] for name in ("name", "dim", "depth")}

    assert node("experiment=bags") == {"name": "bag", "dim": 24, "depth": 4}
    assert node("experiment=bags", "model=tiny") == {"name": "bag", "dim": 24, "depth": 2}
    assert node("experiment=bags", "model=transformer") == {"name": "transformer", "dim": 24, "depth": 1}
    with pytest.raises(ConfigurationError, match=r"model=bag is no model of task=next_symbol"):
        check(["experiment=lost"], extra=[tmp_path])


def test_each_point_settles_its_own_task_and_data() -> None:
    assert chosen("task=majority,next_symbol") == [
        ("majority", "triples", "mha", 0),
        ("next_symbol", "waves", "gqa", 0),
    ]
    assert chosen("plugin=outside", "data=triples,waves") == [("majority", d, "mha", 0) for d in ("triples", "waves")]


def test_a_pattern_means_the_options_that_match() -> None:
    assert [point[2] for point in chosen("plugin=outside", "attention=glob(mh*)")] == ["mha"]


def test_a_field_that_some_points_lack_is_ignored_there_with_one_notice() -> None:
    checked = check(["plugin=outside", "attention=mha,window", "attention.window=3", "seed=0,1"], sweep=True)
    assert checked.notices == ("attention.window is ignored where there is no such field: attention=mha",)
    assert [plan.values["attention"].get("window") for plan in checked.plans] == [None, None, 3, 3]


def test_a_field_that_no_point_has_is_refused() -> None:
    faults = told("plugin=outside", "attention=mha,gqa", "attention.window=3", sweep=True)
    assert [fault.split(". ")[0] for fault in faults] == [
        "attention.window is not a field of attention=mha",
        "attention.window is not a field of attention=gqa",
    ]


def test_every_point_of_a_sweep_is_checked_and_faults_say_where() -> None:
    faults = told("plugin=outside", "attention=mha,gqqa,wndow", "model.dim=16,18", "attention.num_heads=4", sweep=True)
    assert faults[0].startswith("attention=gqqa is not an option. Did you mean gqa")
    assert faults[1].startswith("attention=wndow is not an option. Did you mean window")
    faults = told("plugin=outside", "model.dim=16,18", "attention.num_heads=4", sweep=True)
    assert len(faults) == 1
    assert faults[0].startswith("attention.num_heads (MultiHeadAttention) must divide model.dim=18. Got 4.")
    assert "At 1 of 2 points, first plugin=outside model.dim=18" in faults[0]


def test_wrong_values_inside_a_sweep_are_told() -> None:
    faults = told("plugin=outside", "optim.lr=1e-3,fast", sweep=True)
    assert faults[0].startswith("optim.lr (OptimRecipe) must be a number above 0. Got 'fast'.")


def test_what_cannot_be_counted_is_refused() -> None:
    assert "must be a list or range that can be counted" in told("plugin=outside", "seed=interval(0,1)", sweep=True)[0]


def test_literal_values_do_not_sweep(tmp_path: Path) -> None:
    checked = check(["plugin=outside", f"data.path={tmp_path}/a,b", "seed=0,1"], sweep=True)
    assert {plan.data.path for plan in checked.plans} == {f"{tmp_path}/a,b"}
