"""Hydra finds every option folder once, and its state is left as it was."""

from hydra import compose, initialize
from hydra._internal.config_search_path_impl import ConfigSearchPathImpl
from hydra.core.global_hydra import GlobalHydra

from attnframe.config.check import check
from attnframe.config.composer import register_hydra_plugins
from attnframe.plugin.discovery import discover, shared_conf
from hydra_plugins.attnframe_search_path import AttnframeSearchPath


def test_every_folder_is_on_the_search_path_once() -> None:
    path = ConfigSearchPathImpl()
    AttnframeSearchPath().manipulate_search_path(path)
    AttnframeSearchPath().manipulate_search_path(path)
    folders = [shared_conf(), *(found.conf for found in discover().plugins)]
    assert [element.path for element in path.get_path()] == [f"file://{folder}" for folder in folders]


def test_composing_inside_another_use_of_hydra_leaves_it_alone() -> None:
    with initialize(version_base="1.3", config_path=None):
        before = GlobalHydra.instance().hydra
        check(["plugin=outside"])
        assert GlobalHydra.instance().hydra is before
    assert not GlobalHydra.instance().is_initialized()
    check(["plugin=outside"])
    assert not GlobalHydra.instance().is_initialized()


def test_plain_hydra_composes_the_same_configuration() -> None:
    register_hydra_plugins()
    values = check(["plugin=outside", "attention=gqa"]).plans[0].values
    with initialize(version_base="1.3", config_path=None):
        overrides = ["plugin=outside", "attention=gqa", "task=majority", "data=triples"]
        config = compose(
            "config", [*overrides, "recipe/data@data=majority-triples", "recipe/model@model=majority-transformer"]
        )
    assert config.attention.num_kv_heads == values["attention"]["num_kv_heads"]
    assert config.data.batch_size == values["data"]["batch_size"]
