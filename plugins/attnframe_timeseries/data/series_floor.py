"""The simple methods that every classifier of series is compared with."""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from attnframe_timeseries.data.random_kernels import RandomKernels
from attnframe_timeseries.data.warping import warped_distances

if TYPE_CHECKING:
    from attnframe_timeseries.data.series_module import SeriesSplit

WARPED = 400_000_000
"""Cells of all pairs up to which series are warped: a few seconds."""
STRENGTHS = (0.01, 0.1, 1.0, 10.0)
"""Inverse strengths of logistic regression that are tried on the validation part."""


class SimpleClassifier(ABC):
    """A classifier without a network; `fit` takes series (N, T, C), where they are real (N, T) and labels (N,)."""

    name: ClassVar[str]

    @abstractmethod
    def answer(self, train: dict[str, Tensor], asked: dict[str, Tensor]) -> npt.NDArray[np.int64]:
        """Class indices of the series of one batch, learned from another."""


class KernelRidge(SimpleClassifier):
    """Ridge regression on random convolutions, its penalty chosen by leaving one out."""

    name = "ridge on random convolution kernels"

    def answer(self, train: dict[str, Tensor], asked: dict[str, Tensor]) -> npt.NDArray[np.int64]:
        from sklearn.linear_model import RidgeClassifierCV
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        kernels = RandomKernels(train["series"], train["valid"])
        model = make_pipeline(StandardScaler(), RidgeClassifierCV(alphas=np.logspace(-3, 3, 10)))
        model.fit(kernels(train["series"], train["valid"]), train["labels"].numpy())
        found: npt.NDArray[np.int64] = model.predict(kernels(asked["series"], asked["valid"]))
        return found


class LinearValues(SimpleClassifier):
    """Logistic regression on all values, padded.

    Args:
        strength: inverse strength of regularisation.
    """

    name = "logistic regression on all values"

    def __init__(self, strength: float) -> None:
        self.strength = strength

    def answer(self, train: dict[str, Tensor], asked: dict[str, Tensor]) -> npt.NDArray[np.int64]:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model = LogisticRegression(C=self.strength, max_iter=200)
            model.fit(train["series"].flatten(1).numpy(), train["labels"].numpy())
        found: npt.NDArray[np.int64] = model.predict(asked["series"].flatten(1).numpy())
        return found


class NearestSeries(SimpleClassifier):
    """The label of the nearest training series, step by step."""

    name = "nearest neighbour, Euclidean"

    def answer(self, train: dict[str, Tensor], asked: dict[str, Tensor]) -> npt.NDArray[np.int64]:
        distances = torch.cdist(asked["series"].flatten(1), train["series"].flatten(1))
        found: npt.NDArray[np.int64] = train["labels"][distances.argmin(1)].numpy()
        return found


class NearestWarped(SimpleClassifier):
    """The label of the nearest training series, time warped."""

    name = "nearest neighbour, time warped"

    def answer(self, train: dict[str, Tensor], asked: dict[str, Tensor]) -> npt.NDArray[np.int64]:
        (one, first), (other, second) = (
            (batch["series"].numpy(), batch["valid"].sum(1).numpy()) for batch in (asked, train)
        )
        distances = warped_distances(one, first, other, second)
        found: npt.NDArray[np.int64] = train["labels"].numpy()[distances.argmin(1)]
        return found


def best_simple_classifier(train: SeriesSplit, val: SeriesSplit, test: SeriesSplit) -> dict[str, Any]:
    """``test/accuracy`` and ``test/f1`` (macro) of the simple method that is best on the validation part, learned from
    the training and the validation part, its ``name``, and the ``test/accuracy`` of the others."""
    from sklearn.metrics import accuracy_score, f1_score

    known, held, asked = (split.batch(torch.arange(len(split))) for split in (train, val, test))
    if len(set(known["labels"].tolist())) < 2:
        return {}
    kinds: list[SimpleClassifier] = [KernelRidge(), LinearValues(_strength(known, held)), NearestSeries()]
    if len(test) * (len(train) + len(val)) * known["series"].shape[1] ** 2 <= WARPED:
        kinds.append(NearestWarped())
    best = max(kinds, key=lambda kind: accuracy_score(held["labels"], kind.answer(known, held)))
    both = {name: torch.cat([known[name], held[name]]) for name in known}
    answers = {kind.name: kind.answer(both, asked) for kind in kinds}
    truth = asked["labels"].numpy()
    return {
        "name": best.name,
        "test/accuracy": float(accuracy_score(truth, answers[best.name])),
        "test/f1": float(f1_score(truth, answers[best.name], average="macro")),
        "others": {
            name: {"test/accuracy": float(accuracy_score(truth, answer))}
            for name, answer in answers.items()
            if name != best.name
        },
    }


def _strength(known: dict[str, Tensor], held: dict[str, Tensor]) -> float:
    truth = held["labels"].numpy()
    return max(STRENGTHS, key=lambda strength: (LinearValues(strength).answer(known, held) == truth).mean())
