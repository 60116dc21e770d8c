"""Finding variants: built in, from entry points, and from a user's own file."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import torch

from attnframe.errors import ConfigurationError, PluginError
from attnframe.recipes import registry
from attnframe.testing.attention import parametrize_attention

OWN_FILE = Path(__file__).parent / "attention" / "laplacian.py"

HEAD = """
from typing import ClassVar
from attnframe.recipe import frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities
"""
VARIANT = """
@frozen
class {cls}(AttentionVariant):
    name: ClassVar[str] = "{name}"
    summary: ClassVar[str] = "a test"
    capabilities: ClassVar[Capabilities] = Capabilities()

    def build(self, dim, *, causal=False, position=None, context_dim=None):
        return None
"""


def _file(folder: Path, text: str, name: str = "own.py") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_six_built_in_variants_and_five_schemes_are_found_by_their_names() -> None:
    variants, schemes = registry.attention_variants(), registry.position_schemes()
    assert {"gqa", "linear", "mha", "mqa", "none", "window"} <= set(variants)
    assert {"alibi", "learned", "none", "rope", "sinusoidal"} <= set(schemes)
    assert all(name == variant.name for name, variant in {**variants, **schemes}.items())


def test_listing_imports_no_torch() -> None:
    code = "import sys; from attnframe.recipes import registry as r; r.attention_variants(); r.position_schemes()"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; print('torch' in sys.modules)"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_an_unknown_name_names_the_near_miss() -> None:
    with pytest.raises(ConfigurationError, match=r"attention=gqaa is not a known variant. Did you mean gqa"):
        registry.attention_variant("gqaa")


def test_a_file_is_selected_by_its_path_and_trains() -> None:
    variant = registry.attention_variant(str(OWN_FILE))
    assert variant.name == "laplacian"
    layer = variant(num_heads=2).build(8, causal=True)
    layer(torch.randn(2, 5, 8)).sum().backward()
    assert all(parameter.grad is not None for parameter in layer.parameters())


@parametrize_attention(str(OWN_FILE))
def test_a_file_of_a_users_own_passes_the_suite_with_nothing_else(check: Callable[[], None]) -> None:
    check()


def test_a_file_is_imported_once_until_it_changes(tmp_path: Path) -> None:
    path = _file(tmp_path, HEAD + VARIANT.format(cls="First", name="first"))
    first = registry.variant_from_file(path)
    assert registry.variant_from_file(path) is first
    path.write_text(HEAD + VARIANT.format(cls="Second", name="second"), encoding="utf-8")
    assert registry.variant_from_file(path).name == "second"


def test_two_files_of_one_name_do_not_disturb_each_other(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = registry.variant_from_file(_file(tmp_path / "a", HEAD + VARIANT.format(cls="One", name="one")))
    two = registry.variant_from_file(_file(tmp_path / "b", HEAD + VARIANT.format(cls="Two", name="two")))
    assert (one.name, two.name) == ("one", "two")
    assert one().num_heads == two().num_heads


def test_a_file_inside_a_package_may_import_the_rest_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    package = tmp_path / "whole_of_own"
    package.mkdir()
    _file(package, "", "__init__.py")
    _file(package, "SUMMARY = 'from beside'", "beside.py")
    text = VARIANT.format(cls="Own", name="own").replace('"a test"', "SUMMARY")
    path = _file(package, f"from whole_of_own.beside import SUMMARY\n{HEAD}{text}")
    assert registry.variant_from_file(path).summary == "from beside"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match=r"attention=.*gone\.py must be a readable file. Got No such file"):
        registry.variant_from_file(tmp_path / "gone.py")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match=r"must be a file. Got a folder"):
        registry.variant_from_file(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\nimport no_such_module", r"fails at line 2. Got ModuleNotFoundError: No module named 'no_such_module'"),
        ("x = 1\n\nif:", r"fails at line 3. Got SyntaxError"),
        ("raise ValueError('broken on purpose')", r"fails at line 1. Got ValueError: broken on purpose"),
    ],
)
def test_a_file_that_cannot_be_imported_is_named_with_line_and_reason(tmp_path: Path, text: str, said: str) -> None:
    before = set(sys.modules)
    with pytest.raises(PluginError, match=rf"attention=.*own\.py must be importable, and {said}"):
        registry.variant_from_file(_file(tmp_path, text))
    assert not [name for name in set(sys.modules) - before if name.startswith("attnframe_variant")]


@pytest.mark.parametrize(
    ("text", "got"),
    [
        (HEAD, "none"),
        (HEAD + VARIANT.format(cls="One", name="one") + VARIANT.format(cls="Two", name="two"), "One, Two"),
    ],
)
def test_a_file_must_define_exactly_one_variant(tmp_path: Path, text: str, got: str) -> None:
    with pytest.raises(PluginError, match=rf"must define exactly one subclass of AttentionVariant. Got {got}\."):
        registry.variant_from_file(_file(tmp_path, text))


def test_an_imported_variant_does_not_count_as_the_files_own(tmp_path: Path) -> None:
    text = HEAD + "from attnframe.recipes.attention.mha import MultiHeadAttention\n"
    own = registry.variant_from_file(_file(tmp_path, text + VARIANT.format(cls="Own", name="own")))
    assert own.name == "own"


def test_every_fault_of_an_incomplete_variant_is_told_at_once(tmp_path: Path) -> None:
    text = VARIANT.format(cls="Own", name="own").replace("@frozen", "")
    text = text.replace('summary: ClassVar[str] = "a test"', "").replace("= Capabilities()", "= None")
    with pytest.raises(PluginError) as caught:
        registry.variant_from_file(_file(tmp_path, HEAD + text))
    said = str(caught.value)
    assert "Own must be decorated with @frozen of attnframe.recipe" in said
    assert "Own.summary must be set to a str" in said
    assert "Own.capabilities must be set to a Capabilities. Got None" in said
    assert len(caught.value.faults) == 3


@pytest.fixture
def entry_points(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[dict[str, str]], None]:
    """Declare entry points of the group; the caches of the registry are emptied around the test."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def declare(points: dict[str, str]) -> None:
        declared = [EntryPoint(name, value, registry.GROUP) for name, value in points.items()]
        monkeypatch.setattr(registry, "entry_points", lambda group: [e for e in declared if e.group == group])

    registry._outside.cache_clear()
    yield declare
    registry._outside.cache_clear()


def test_an_entry_point_adds_a_variant(entry_points: Callable[[dict[str, str]], None], tmp_path: Path) -> None:
    _file(tmp_path, HEAD + VARIANT.format(cls="Outside", name="outside"), "outside_package_a.py")
    entry_points({"outside": "outside_package_a:Outside"})
    assert registry.attention_variant("outside") is registry.attention_variants()["outside"]
    assert not registry.broken_variants()


def test_a_broken_entry_point_harms_only_itself(entry_points: Callable[[dict[str, str]], None], tmp_path: Path) -> None:
    _file(tmp_path, HEAD + VARIANT.format(cls="Outside", name="outside"), "outside_package_b.py")
    entry_points(
        {
            "absent": "no_such_package:Variant",
            "mha": "outside_package_b:Outside",
            "other": "outside_package_b:Outside",
            "outside": "outside_package_b:HEAD",
            "text": "outside_package_b:__name__",
        }
    )
    assert set(registry.broken_variants()) == {"absent", "mha", "other", "outside", "text"}
    assert registry.attention_variant("mha").__name__ == "MultiHeadAttention"
    for name, said in {
        "absent": "distribution unknown.* must be importable. Got ModuleNotFoundError",
        "other": "must have the name of its variant. Got other. Use outside",
        "outside": "must be importable. Got AttributeError",
        "text": "must name a subclass of AttentionVariant",
    }.items():
        with pytest.raises(PluginError, match=rf"attention={name} \(entry point .*{said}"):
            registry.attention_variant(name)


def test_an_entry_point_may_not_take_a_built_in_name(
    entry_points: Callable[[dict[str, str]], None], tmp_path: Path
) -> None:
    _file(tmp_path, HEAD + VARIANT.format(cls="Mha", name="mha"), "outside_package_c.py")
    entry_points({"mha": "outside_package_c:Mha"})
    assert "must have a name of its own. Got mha" in str(registry.broken_variants()["mha"])
    assert registry.attention_variants()["mha"].__name__ == "MultiHeadAttention"
