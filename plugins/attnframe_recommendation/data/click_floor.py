"""The simple method that every click predictor is compared with: a bias for each value, as logistic regression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from attnframe_recommendation.data.events import EventSplit, Field

STRENGTHS: Final = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Inverse strengths of regularisation that are tried on the validation part."""
PREFERRED: Final = frozenset({"user", "item"})
"""Fields that, where both are there, are all that the floor reads."""


def logistic_regression(
    fields: Sequence[Field], train: EventSplit, val: EventSplit, test: EventSplit
) -> dict[str, Any]:
    """AUC and log loss on the test part of logistic regression on one bias a value, its strength chosen on the
    validation part. It reads user and item, or where there are no such fields all those of one value."""
    from sklearn.linear_model import LogisticRegression

    single = [field.name for field in fields if field.kind in ("one", "number")]
    used = [name for name in single if name in PREFERRED] if set(single) >= PREFERRED else single
    sizes = {field.name: max(len(field.values), len(field.edges) + 1) + 1 for field in fields}
    if not used:
        return {}
    parts = [(_one_hot(split, used, sizes), split.labels.numpy()) for split in (train, val, test)]
    (x_train, y_train), (x_val, y_val), (x_test, y_test) = parts
    fitted = [LogisticRegression(C=strength, max_iter=300).fit(x_train, y_train) for strength in STRENGTHS]
    best = max(fitted, key=lambda model: area(y_val, model.predict_proba(x_val)[:, 1]))
    chances = best.predict_proba(x_test)[:, 1]
    return {
        "name": f"biases of {' and '.join(used) if len(used) < 3 else f'{len(used)} fields'}",
        "strength": best.C,
        "test/auc": area(y_test, chances),
        "test/loss": float(-np.log(np.where(y_test > 0, chances, 1 - chances)).mean()),
    }


def area(labels: npt.NDArray[Any], scores: npt.NDArray[Any]) -> float:
    """Area under the ROC curve, ties counted half."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(labels, scores))


def _one_hot(split: EventSplit, used: Sequence[str], sizes: dict[str, int]) -> Any:
    from scipy.sparse import csr_matrix, hstack

    rows = np.arange(len(split))
    ones = np.ones(len(split), np.float32)
    return hstack(
        [csr_matrix((ones, (rows, split.columns[name].numpy())), (len(split), sizes[name])) for name in used],
        format="csr",
    )
