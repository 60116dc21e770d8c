"""The simple method that every node classifier is compared with: logistic regression on a node's own features."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from attnframe_graph.data.module import NodeSplit

STRENGTHS = (0.1, 1.0, 10.0, 100.0)
"""Inverse strengths of regularisation that are tried on the validation part."""


def logistic_regression(train: NodeSplit, val: NodeSplit, test: NodeSplit) -> dict[str, Any]:
    """Accuracy and macro F1 on the test part of logistic regression that sees no edges, its strength chosen on the
    validation part."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import accuracy_score, f1_score

    parts = [(split.features[split.members].numpy(), split.labels[split.members].numpy()) for split in (train, val)]
    (x_train, y_train), (x_val, y_val) = parts
    x_test, y_test = test.features[test.members].numpy(), test.labels[test.members].numpy()
    if len(set(y_train.tolist())) < 2:
        return {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted = [LogisticRegression(C=strength, max_iter=200).fit(x_train, y_train) for strength in STRENGTHS]
    best = max(fitted, key=lambda model: accuracy_score(y_val, model.predict(x_val)))
    answer = best.predict(x_test)
    return {
        "name": f"logistic regression on features (C={best.C:g})",
        "test/accuracy": float(accuracy_score(y_test, answer)),
        "test/f1": float(f1_score(y_test, answer, average="macro")),
    }
