"""The simple methods that models of graphs are compared with: they count nodes, and see no edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch

if TYPE_CHECKING:
    from attnframe_graph.data.graph_split import GraphSplit

PENALTIES = (0.1, 1.0, 10.0, 100.0, 1000.0)
"""Penalties of ridge regression that are tried on the validation part."""


def histogram_floor(train: GraphSplit, val: GraphSplit, test: GraphSplit) -> dict[str, Any]:
    """Accuracy and macro F1 on the test part of logistic regression on the sums of the features of a graph's nodes:
    where these are labels and degrees, the histogram of both. Untuned, as in the published comparison."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import accuracy_score, f1_score, roc_auc_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    (x_train, y_train), (x_test, y_test) = _counts(train), _counts(test)
    if len(set(y_train.tolist())) < 2:
        return {}
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)).fit(x_train, y_train)
    answer = model.predict(x_test)
    found = {
        "name": "logistic regression on the histogram of nodes",
        "test/accuracy": float(accuracy_score(y_test, answer)),
        "test/f1": float(f1_score(y_test, answer, average="macro")),
    }
    if set(y_test.tolist()) == {0, 1} == set(y_train.tolist()):
        found["test/auc"] = float(roc_auc_score(y_test, model.predict_proba(x_test)[:, 1]))
    return found


def ridge_floor(train: GraphSplit, val: GraphSplit, test: GraphSplit) -> dict[str, Any]:
    """Errors on the test part of ridge regression on the sums of the features of a graph's nodes, its penalty chosen on
    the validation part."""
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    (x_train, y_train), (x_val, y_val), (x_test, y_test) = (_counts(part) for part in (train, val, test))
    fitted = {penalty: make_pipeline(StandardScaler(), Ridge(penalty)).fit(x_train, y_train) for penalty in PENALTIES}
    best = min(PENALTIES, key=lambda penalty: float(np.square(fitted[penalty].predict(x_val) - y_val).mean()))
    error = fitted[best].predict(x_test) - y_test
    return {
        "name": f"ridge regression on counts of nodes (penalty {best:g})",
        "test/rmse": float(np.sqrt(np.square(error).mean())),
        "test/mae": float(np.abs(error).mean()),
    }


def _counts(part: GraphSplit) -> tuple[npt.NDArray[np.float32], Any]:
    """Sums (n, F) of the features of the nodes of each graph of a part, and the targets (n,)."""
    batch = part.batch(torch.arange(len(part)))
    sums = torch.zeros(len(part), batch["features"].shape[1]).index_add_(0, batch["graph"], batch["features"])
    return sums.numpy(), batch[part.key].numpy()
