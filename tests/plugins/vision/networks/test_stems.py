from __future__ import annotations

import pytest
import torch
from attnframe_vision.networks.stems import ConvStem, PatchStem, build_stem
from attnframe_vision.recipes.transformer import ImageTransformer


def test_patches_equal_a_strided_convolution() -> None:
    torch.manual_seed(0)
    stem = PatchStem(3, 12, 8, 4, 10)
    pictures = torch.randn(2, 3, 12, 8)
    kernel = stem.projection.weight.view(10, 3, 4, 4)
    expected = torch.conv2d(pictures, kernel, stem.projection.bias, stride=4).flatten(2).transpose(1, 2)
    torch.testing.assert_close(stem(pictures), expected)
    assert stem.tokens == expected.shape[1] == 6


def test_patches_are_row_major() -> None:
    stem = PatchStem(1, 4, 6, 2, 4)
    pictures = torch.zeros(1, 1, 4, 6)
    pictures[0, 0, 0, 2] = 1  # the second patch of the first row
    changed = (stem(pictures) - stem(torch.zeros(1, 1, 4, 6))).abs().sum(-1)[0]
    assert changed.nonzero().flatten().tolist() == [1]


@pytest.mark.parametrize("size", [(8, 8), (28, 28), (9, 13), (32, 16)])
@pytest.mark.parametrize("widths", [[6], [4, 6], [2, 4, 6]])
def test_conv_stages_halve_each_side(size: tuple[int, int], widths: list[int]) -> None:
    stem = ConvStem(3, *size, widths)
    tokens = stem(torch.randn(2, 3, *size))
    assert tokens.shape == (2, stem.tokens, 6)


def test_conv_stages_are_convolution_relu_and_max_pool() -> None:
    torch.manual_seed(0)
    stem = ConvStem(3, 12, 12, [5, 6])
    pictures = torch.randn(2, 3, 12, 12)
    expected = pictures
    for convolution in (module for module in stem.modules() if isinstance(module, torch.nn.Conv2d)):
        features = torch.conv2d(expected, convolution.weight, convolution.bias, padding=1).relu()
        expected = torch.max_pool2d(features, 3, 2, 1)
    torch.testing.assert_close(stem(pictures), expected.flatten(2).transpose(1, 2))


def test_a_conv_token_sees_its_surroundings_and_no_more() -> None:
    torch.manual_seed(0)
    stem = ConvStem(1, 16, 16, [4])
    pictures = torch.randn(1, 1, 16, 16, requires_grad=True)
    stem(pictures)[0, 8 * 3 + 3].sum().backward()  # row 3, column 3
    seen = pictures.grad[0, 0].nonzero()
    assert seen.min() >= 4
    assert seen.max() <= 8


def test_views_that_are_not_contiguous_are_taken() -> None:
    stem = PatchStem(1, 8, 8, 2, 4)
    pictures = torch.randn(2, 8, 8, 1).movedim(-1, 1).flip(-1)
    torch.testing.assert_close(stem(pictures.transpose(2, 3)), stem(pictures.transpose(2, 3).contiguous()))


@pytest.mark.parametrize(("stem", "kind"), [("patch", PatchStem), ("conv", ConvStem)])
def test_the_recipe_names_the_stem(stem: str, kind: type) -> None:
    assert isinstance(build_stem(ImageTransformer(stem=stem), 3, 32, 32), kind)
