from __future__ import annotations

from itertools import pairwise
from typing import Literal

import pytest
from attnframe_vision.networks.stems import build_stem
from attnframe_vision.recipes.transformer import ImageTransformer

from attnframe.errors import ConfigurationError


@pytest.mark.parametrize(
    ("size", "patch"), [(4, 2), (5, 1), (7, 1), (8, 2), (16, 2), (24, 3), (28, 4), (32, 4), (64, 8), (224, 28)]
)
def test_a_patch_size_left_at_null_divides_and_gives_about_eight_tokens_a_side(size: int, patch: int) -> None:
    assert ImageTransformer().patch(size, size) == patch
    assert size % patch == 0


def test_a_patch_size_given_is_kept() -> None:
    assert ImageTransformer(patch_size=7).patch(28, 28) == 7


@pytest.mark.parametrize(("size", "stages"), [(4, 1), (8, 1), (16, 1), (28, 2), (32, 2), (64, 3), (224, 5)])
def test_conv_stages_halve_to_at_most_eight_tokens_a_side_and_end_at_the_width(size: int, stages: int) -> None:
    widths = ImageTransformer(stem="conv", dim=64).conv_widths(size, size)
    assert len(widths) == stages
    assert widths[-1] == 64
    assert all(before <= after for before, after in pairwise(widths))


def test_conv_widths_follow_the_first() -> None:
    assert ImageTransformer(stem="conv", dim=64, conv_layers=4, conv_width=16).conv_widths(64, 64) == [16, 32, 64, 64]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"stem": "conv", "patch_size": 4}, "model.patch_size"),
        ({"stem": "patch", "conv_layers": 2}, "model.conv_layers"),
        ({"stem": "patch", "conv_width": 8}, "model.conv_width"),
    ],
)
def test_a_field_of_the_other_stem_is_refused(fields: dict[str, object], named: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{named} .* is not used by model.stem={fields['stem']}"):
        ImageTransformer(**fields)


def test_a_patch_that_does_not_divide_tells_those_that_do() -> None:
    (fault,) = ImageTransformer(patch_size=3).size_faults(8, 8)
    assert str(fault) == (
        "model.patch_size (ImageTransformer) must divide the picture's 8 x 8 pixels. Got 3. Possible: 1, 2, 4, 8."
    )


def test_more_stages_than_halvings_tell_how_many_there_are() -> None:
    (fault,) = ImageTransformer(stem="conv", conv_layers=4).size_faults(8, 8)
    assert "must leave at least one place of the picture's 8 x 8 pixels. Got 4. At most 3." in str(fault)


@pytest.mark.parametrize("fields", [{"stem": "conv3"}, {"pool": "max"}, {"label_smoothing": 1.5}, {"patch_size": 0}])
def test_values_out_of_range_are_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match=f"model.{next(iter(fields))}"):
        ImageTransformer(**fields)


@pytest.mark.parametrize("size", [(8, 8), (28, 28), (32, 16), (64, 64)])
@pytest.mark.parametrize("stem", ["patch", "conv"])
def test_the_grid_is_that_of_the_stem(size: tuple[int, int], stem: Literal["patch", "conv"]) -> None:
    model = ImageTransformer(dim=8, stem=stem)
    assert model.grid(*size) == build_stem(model, 1, *size).grid
