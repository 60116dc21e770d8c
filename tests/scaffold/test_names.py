"""Names of new parts."""

import pytest

from attnframe.scaffold.names import name_faults, package_faults


@pytest.mark.parametrize("name", ["proteins", "a", "my_domain_2"])
def test_a_new_python_name_is_right(name: str) -> None:
    assert name_faults("NAME", name, ["vision"]) == []


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("MyDomain", "Try my_domain."),
        ("my-domain", "Try my_domain."),
        ("2d_maps", "Try d_maps."),
        ("class", "Try class_1."),
        ("a__b", "Try a_b."),
        ("ünï", "Try n."),
        ("_", "Example: proteins."),
        ("../up", "Try up."),
    ],
)
def test_another_form_is_refused_with_the_nearest_name(name: str, advice: str) -> None:
    (fault,) = name_faults("NAME", name, [])
    assert str(fault).startswith("NAME must be a Python name of lower-case letters")
    assert fault.works == advice


def test_a_taken_name_is_refused() -> None:
    (fault,) = name_faults("--task", "translation", ["translation", "forecasting"])
    assert str(fault) == "--task must be a new name. Got translation, which there is. Taken: forecasting, translation."


def test_a_package_that_can_be_imported_is_in_the_way() -> None:
    (fault,) = package_faults("attnframe_vision")
    assert "The package attnframe_vision must not exist yet. Got the one at " in str(fault)
    assert package_faults("attnframe_no_such_domain") == []
