"""Explanations of texts: parts of tokens, and tokens that are deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from attnframe_nlp.explaining.continued import ContinuedText
from attnframe_nlp.token_networks.readers import HierarchicalReader
from torch import nn

from attnframe.explanation.explanation import explain_subject
from attnframe.explanation.maps import Rollout
from attnframe.recipes.explain import ExplainRecipe

STOP = 9


def test_words_of_a_hierarchy_have_the_part_of_their_sentence() -> None:
    reader = HierarchicalReader(nn.Identity(), nn.Identity(), 4, "mean", [STOP], 8)
    tokens = torch.tensor([[2, STOP, 4]])  # two sentences, of two words and of one
    alone = torch.eye(2).expand(2, 1, 2, 2)
    maps = Rollout({"hierarchy.items.encoder.x": alone, "hierarchy.parts.encoder.x": alone[:1]})
    pooled = {
        "hierarchy.items.pooling": torch.tensor([[0.25, 0.75], [1.0, 0.0]]),
        "hierarchy.parts.pooling": torch.tensor([[0.4, 0.6]]),
    }
    torch.testing.assert_close(reader.parts(maps, pooled, "", tokens), torch.tensor([0.1, 0.3, 0.6]))


def test_a_prompt_is_read_at_its_last_token(language_model: Callable[..., Any]) -> None:
    model = language_model().eval()
    prompt = "bead"
    subject = ContinuedText("p", model, prompt)
    assert subject.units == list(prompt)
    found = explain_subject(subject, ExplainRecipe(orders=2, steps=2, heads=2))
    assert found.relevance["attention"].sum() == pytest.approx(1)
    assert float(found.deletion.mean[0]) == pytest.approx(float(torch.tensor(subject.chance).log()), abs=1e-4)
