"""An explanation as parts of a page."""

from attnframe.explanation.explanation import explain_subject
from attnframe.explanation.sections import drawings_of, parts_of, short_names
from attnframe.plugin.subject import Subject
from attnframe.recipes.explain import ExplainRecipe

STACKS = [("encoder", "self"), ("decoder", "self"), ("decoder", "cross")]


def test_the_best_reading_comes_first_with_its_verdict(one_unit: Subject) -> None:
    found = explain_subject(one_unit, ExplainRecipe(orders=4, steps=8))
    names = [drawing.name for drawing in drawings_of(found)]
    assert names == [f"relevance-{found.ranked[0].replace(' ', '-')}", names[1], "deletion"]
    whole = "".join(parts_of(found))
    assert whole.index(f"By {found.ranked[0]}: ") < whole.index(f"By {found.ranked[1]}: ")
    assert "A deleted unit is set to 0" in whole
    assert "Single heads (1)" in whole
    assert "Single heads" not in "".join(parts_of(found, heads=False))


def test_layers_are_told_apart_shortly() -> None:
    blocks = [f"network.encoder.blocks.{number}.self_attention" for number in range(3)]
    assert list(short_names(blocks).values()) == ["layer 0", "layer 1", "layer 2"]
    mixed = [f"{stack}.blocks.{number}.{kind}_attention" for stack, kind in STACKS for number in range(2)]
    assert list(short_names(mixed).values())[::2] == ["encoder 0 self", "decoder 0 self", "decoder 0 cross"]
    assert short_names(["layers.0", "output.layer"]) == {"layers.0": "layers 0", "output.layer": "output layer"}
    assert short_names(["network.history"]) == {"network.history": "history"}
