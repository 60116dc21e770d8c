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
TREES = 100
"""Trees of a random forest."""


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


def regression_floor(train: GraphSplit, val: GraphSplit, test: GraphSplit) -> dict[str, Any]:
    """Errors on the test part of ridge regression or a random forest on the sums of the features of a graph's nodes:
    that of them, and of the penalties, which is best on the validation part."""
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    (x_train, y_train), (x_val, y_val), (x_test, y_test) = (_counts(part) for part in (train, val, test))
    tried: dict[str, Any] = {
        f"ridge (penalty {penalty:g})": make_pipeline(StandardScaler(), Ridge(penalty)) for penalty in PENALTIES
    }
    tried["random forest"] = RandomForestRegressor(TREES, max_features=1 / 3, random_state=0)
    answers = {name: model.fit(x_train, y_train).predict(x_val) for name, model in tried.items()}
    errors = {name: float(np.square(answer - y_val).mean()) for name, answer in answers.items()}
    best = min(errors, key=errors.__getitem__)
    error = tried[best].predict(x_test) - y_test
    return {
        "name": f"{best} on counts of nodes",
        "test/rmse": float(np.sqrt(np.square(error).mean())),
        "test/mae": float(np.abs(error).mean()),
    }


def _counts(part: GraphSplit) -> tuple[npt.NDArray[np.float32], Any]:
    """Sums (n, F) of the features of the nodes of each graph of a part, and the targets (n,)."""
    batch = part.batch(torch.arange(len(part)))
    sums = torch.zeros(len(part), batch["features"].shape[1]).index_add_(0, batch["graph"], batch["features"])
    return sums.numpy(), batch[part.key].numpy()
