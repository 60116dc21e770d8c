"""The conformance suite of attention variants, with three doors: a call, a pytest decorator, a generator.

    check_attention("gqa")                      # every law at once

    @parametrize_attention(MyVariant)           # one pytest id for each variant and law
    def test_my_variant(check): check()

    for name, check in attention_checks():      # everything that is registered
        check()

A variant's declared capabilities choose the laws: a claimed cell must pass, an unclaimed one must be refused with
advice.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.registry import attention_variant, attention_variants
from attnframe.testing.doors import Checks, parametrize, run_all
from attnframe.testing.laws import agreement, claims, conduct, decoding, visibility
from attnframe.testing.laws.law import Law, Subject

if TYPE_CHECKING:
    import pytest

VariantLike: TypeAlias = "str | type[AttentionVariant] | AttentionVariant"
"""A registered name or a path to a file, a class (its `example` is tested), or an instance."""

LAWS: tuple[Law, ...] = (*agreement.LAWS, *visibility.LAWS, *decoding.LAWS, *conduct.LAWS, *claims.LAWS)


def attention_checks(*variants: VariantLike) -> Checks:
    """Id and check of each law that applies to each variant; a check raises AssertionError when its law is broken.

    Args:
        variants: what to test; everything registered when none is given.
    """
    for variant in variants or tuple(attention_variants().values()):
        subject = Subject(_instance(variant))
        for law in LAWS:
            if law.applies(subject.capabilities):
                yield f"{subject.recipe.name}: {law.name}", partial(law.check, subject)


def check_attention(*variants: VariantLike) -> None:
    """Hold variants to every law that applies to them.

    Args:
        variants: what to test; everything registered when none is given.

    Raises:
        AssertionError: naming every law that is broken, and how.
    """
    run_all(attention_checks(*variants))


def parametrize_attention(*variants: VariantLike) -> pytest.MarkDecorator:
    """A pytest decorator that gives a test the argument `check`, once for each variant and law.

    Args:
        variants: what to test; everything registered when none is given.
    """
    return parametrize(attention_checks(*variants))


def _instance(variant: VariantLike) -> AttentionVariant:
    if isinstance(variant, AttentionVariant):
        return variant
    return (attention_variant(variant) if isinstance(variant, str) else variant).example()
