"""Finding plugins without importing them, and holding them to the contract when they are loaded."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from attnframe.errors import PluginError
from attnframe.plugin.discovery import Found, discover, load_plugin, shared_conf

Install = Callable[..., Path]


def found(name: str) -> Found:
    return next(plugin for plugin in discover().plugins if plugin.name == name)


def test_the_shared_options_are_found() -> None:
    assert (shared_conf() / "config.yaml").is_file()


def test_a_plugin_from_outside_is_found_beside_the_built_in_ones(outside: None) -> None:
    names = [plugin.name for plugin in discover().plugins]
    assert "outside" in names
    assert names == sorted(names)
    assert found("outside").distribution == "attnframe-outside"


def test_discovery_imports_no_plugin(install: Install) -> None:
    package = install("unimported", files={"plugin.py": "raise AssertionError('imported')\n"})
    assert found("unimported").conf == package / "conf"
    assert not [name for name in sys.modules if name.startswith("pkg_unimported")]


def test_the_conf_folder_is_beside_a_module_of_a_subpackage(install: Install) -> None:
    package = install(
        "deep",
        value="pkg_deep.inner.plugin:Declared",
        conf=False,
        files={"inner/conf/plugin/deep.yaml": "plugin: deep\n"},
    )
    assert found("deep").conf == package / "inner" / "conf"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("no_such_package.plugin:plugin", "no package no_such_package"),
        ("textwrap:dedent", "the single module textwrap"),
        ("pkg_unsound.plugin:Declared", "must have a folder conf beside its module"),
    ],
)
def test_a_broken_plugin_is_one_warning_that_names_its_distribution(install: Install, value: str, reason: str) -> None:
    install("unsound", value=value, conf=False)
    warnings = [warning for warning in discover().warnings if "unsound" in warning]
    assert len(warnings) == 1
    assert "plugin unsound (distribution dist-unsound) is left out" in warnings[0]
    assert reason in warnings[0]
    assert "unsound" not in [plugin.name for plugin in discover().plugins]


def test_loading_gives_the_declaration(outside: None, install: Install) -> None:
    install("fine")
    assert load_plugin("fine").tasks["fine_task"].summary == "nothing"
    assert sorted(load_plugin("outside").tasks) == ["majority", "next_symbol"]


def test_an_unknown_plugin_is_told_with_the_near_miss(outside: None) -> None:
    with pytest.raises(PluginError, match=r"plugin=outsied is not an installed plugin. Did you mean outside\?"):
        load_plugin("outsied")


@pytest.mark.parametrize(
    ("version", "advice"), [(0, "Got a plugin for version 0. Upgrade the plugin."), (99, "Upgrade attnframe.")]
)
def test_another_api_version_is_refused_in_one_line(install: Install, version: int, advice: str) -> None:
    name = f"version{version}"
    package = install(name)
    module = package / "plugin.py"
    module.write_text(module.read_text().replace("api_version = 1", f"api_version = {version}"))
    with pytest.raises(PluginError) as error:
        load_plugin(name)
    assert len(str(error.value).splitlines()) == 1
    assert "must be made for plugin API version 1" in str(error.value)
    assert advice in str(error.value)


def test_a_plugin_that_states_no_api_version_is_refused(install: Install) -> None:
    module = install("versionless") / "plugin.py"
    module.write_text(module.read_text().replace("    api_version = 1\n", ""))
    with pytest.raises(
        PluginError, match=r"must state the plugin API version that it was written for. Write api_version = 1"
    ):
        load_plugin("versionless")


@pytest.mark.parametrize(
    ("name", "code", "text"),
    [
        ("raising", "import no_such_module\n", "must be importable. Got ModuleNotFoundError: No module named"),
        ("nameless", "", "must be importable. Got AttributeError"),
        ("other", "Declared = dict\n", "must name a Plugin in pkg_other.plugin:Declared. Got dict."),
        (
            "abstract",
            "from attnframe.plugin.contract import Plugin\nclass Declared(Plugin): name, api_version = 'abstract', 1\n",
            "must declare at least one task",
        ),
    ],
)
def test_a_broken_declaration_is_told_when_it_is_loaded(install: Install, name: str, code: str, text: str) -> None:
    install(name, files={"plugin.py": code})
    with pytest.raises(PluginError) as error:
        load_plugin(name)
    assert text in str(error.value)
    assert f"plugin {name} (distribution dist-{name})" in str(error.value)


def test_all_contradictions_of_a_declaration_are_told_at_once(install: Install) -> None:
    package = install("torn")
    (package / "conf" / "task" / "torn_task.yaml").unlink()
    (package / "conf" / "data" / "torn_data.yaml").unlink()
    module = package / "plugin.py"
    module.write_text(module.read_text().replace('name = "torn"\n', 'name = "worn"\n'))
    with pytest.raises(PluginError) as error:
        load_plugin("torn")
    text = str(error.value)
    assert "must have the name 'torn' of its entry point. Got 'worn'." in text
    assert "must ship an option file for task=torn_task" in text
    assert "must ship an option file for data=torn_data" in text


def warning_of(name: str) -> str:
    """The one warning about a plugin, which is left out."""
    assert name not in [plugin.name for plugin in discover().plugins]
    (warning,) = [
        warning for warning in discover().warnings if f"plugin {name} (distribution dist-{name}) is" in warning
    ]
    return warning


def test_of_two_plugins_that_ship_one_option_the_first_stays(install: Install) -> None:
    first = install("one", files={"conf/data/shared_data.yaml": ""}) / "conf" / "data" / "shared_data.yaml"
    second = install("two", files={"conf/data/shared_data.yaml": ""}) / "conf" / "data" / "shared_data.yaml"
    told = f"left out: data=shared_data must be shipped by one file only. Got {first} and {second}. Give it a new name."
    assert told in warning_of("two")
    assert found("one").conf == first.parents[1]


def test_what_comes_with_the_framework_stays_whatever_others_ship(install: Install) -> None:
    install("aaa", files={"conf/data/digits.yaml": ""})
    install("greedy", files={"conf/optim/adamw.yaml": "name: adamw\n"})
    install("main", files={"conf/config.yaml": ""})
    assert "data=digits must be shipped by one file only" in warning_of("aaa")
    assert "optim=adamw must be shipped by one file only" in warning_of("greedy")
    assert "config must be shipped by one file only" in warning_of("main")
    assert found("vision")


def test_two_plugins_of_one_name_are_told_apart(install: Install, tmp_path: Path) -> None:
    install("twin")
    info = tmp_path / "site-twin" / "dist_other-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: dist-other\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[attnframe.plugins]\ntwin = pkg_twin.plugin:Declared\n")
    assert [plugin.name for plugin in discover().plugins].count("twin") == 1
    assert [warning for warning in discover().warnings if "plugin=twin must be shipped by one file only" in warning]


def test_a_plugin_that_ends_the_process_is_broken(install: Install) -> None:
    install("quitting", files={"plugin.py": "import sys; sys.exit(3)\n"})
    with pytest.raises(PluginError, match=r"must be importable. Got SystemExit: 3"):
        load_plugin("quitting")


def test_the_option_of_the_plugin_itself_must_be_there(install: Install) -> None:
    (install("bare") / "conf" / "plugin" / "bare.yaml").unlink()
    with pytest.raises(PluginError, match="must ship an option file for plugin=bare"):
        load_plugin("bare")
