"""Expressions and their values, evaluated here by another way."""

from __future__ import annotations

import random

import pytest
from attnframe_nlp.data.labelled.listops import ListOpsSource, drawn_list

from attnframe.errors import DataError


def value_of(text: str) -> int:
    """The value by a stack, innermost lists first."""
    stack: list[object] = []
    for word in text.split():
        if word != "]":
            stack.append(word if word.startswith("[") else int(word))
            continue
        values: list[int] = []
        while isinstance(stack[-1], int):
            values.append(int(str(stack.pop())))
        name = str(stack.pop())
        ordered = sorted(values)
        stack.append(
            {
                "[MAX": ordered[-1],
                "[MIN": ordered[0],
                "[MED": ordered[(len(ordered) - 1) // 2],
                "[SM": sum(values) % 10,
            }[name]
        )
    (value,) = stack
    assert isinstance(value, int)
    return value


def test_the_value_of_every_expression() -> None:
    assert value_of("[MAX 2 9 [MIN 4 7 ] 0 ]") == 9
    assert value_of("[SM 8 7 [MED 1 5 2 9 ] ]") == 7
    texts = ListOpsSource(500, max_length=48, nesting=3, arguments=4).read()
    assert [value_of(text) for text in texts.texts] == [*map(int, texts.labels)]
    assert len(set(texts.texts)) == 500
    assert max(len(text.split()) for text in texts.texts) <= 48
    assert set(texts.labels) == set("0123456789")


def test_nesting_and_arguments_are_bounded() -> None:
    generator = random.Random(1)
    for _ in range(200):
        words, _ = drawn_list(generator, nesting=2, arguments=3)
        depth = most = 0
        for word in words:
            depth += word.startswith("[") - (word == "]")
            most = max(most, depth)
        assert depth == 0
        assert most <= 2
        assert len(words) <= 3 * 5 + 2


def test_more_expressions_than_there_are() -> None:
    with pytest.raises(
        DataError, match=r"data\.examples must be at most the different expressions that are drawn: \d+"
    ):
        ListOpsSource(1000, max_length=8, nesting=1, arguments=2).read()


def test_it_is_the_same_every_time() -> None:
    assert ListOpsSource(100, 48, 3, 4).read().digest == ListOpsSource(100, 48, 3, 4).read().digest
