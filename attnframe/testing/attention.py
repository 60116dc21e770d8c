"""The conformance suite of attention variants, with three doors: a call, a pytest decorator, a generator.

    check_attention("gqa")                      # every law at once

    @parametrize_attention(MyVariant)           # one pytest id for each variant and law
    def test_my_variant(check): check()

    for name, check in attention_checks():      # everything that is registered
        check()

A check that is known to fail is named with its reason, expected_failures={"mine: a copy is the layer": "why"}; once it
passes, that is a failure.

A variant's declared capabilities choose the laws: a claimed cell must pass, an unclaimed one must be refused with
advice.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.registry import attention_variant, attention_variants
from attnframe.testing.doors import NONE, Checks, Reasons, parametrize, run_all
from attnframe.testing.imports import imports_heavy
from attnframe.testing.laws import agreement, claims, conduct, decoding, visibility
from attnframe.testing.laws.law import Law, Subject

if TYPE_CHECKING:
    import pytest

VariantLike: TypeAlias = "str | type[AttentionVariant] | AttentionVariant"
"""A registered name or a path to a file, a class (its `example` is tested), or an instance."""

LISTING = "lists without torch"
"""The law of installed variants, beside those of what they compute."""
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
        if _is_outside(subject.recipe):
            yield f"{subject.recipe.name}: {LISTING}", partial(lists_without_torch, type(subject.recipe))


def check_attention(*variants: VariantLike, expected_failures: Reasons = NONE) -> None:
    """Hold variants to every law that applies to them.

    Args:
        variants: what to test; everything registered when none is given.
        expected_failures: the reason, by id, of each check that must fail.

    Raises:
        AssertionError: naming every law that is broken, and how, and every expected failure that passes.
        ValueError: when a failure is expected of what is no check.
    """
    run_all(attention_checks(*variants), expected_failures)


def parametrize_attention(*variants: VariantLike, expected_failures: Reasons = NONE) -> pytest.MarkDecorator:
    """A pytest decorator that gives a test the argument `check`, once for each variant and law.

    Args:
        variants: what to test; everything registered when none is given.
        expected_failures: the reason, by id, of each check that must fail: ``xfail``, strict.

    Raises:
        ValueError: when a failure is expected of what is no check.
    """
    return parametrize(attention_checks(*variants), expected_failures)


def lists_without_torch(variant: type[AttentionVariant]) -> None:
    """The module of an installed variant imports nothing heavy: `attnframe list` and every check import it."""
    heavy = imports_heavy(f"import {variant.__module__}")
    assert not heavy, f"{variant.__module__} imports {', '.join(heavy)}; import them inside build"


def _is_outside(variant: AttentionVariant) -> bool:
    """Whether a variant is what the entry point of another package names."""
    return type(variant) in attention_variants().values() and not type(variant).__module__.startswith("attnframe.")


def _instance(variant: VariantLike) -> AttentionVariant:
    if isinstance(variant, AttentionVariant):
        return variant
    return (attention_variant(variant) if isinstance(variant, str) else variant).example()
