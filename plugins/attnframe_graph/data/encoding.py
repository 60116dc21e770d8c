"""What a model must know of graphs, and graphs in the form that it knows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from attnframe.errors import DataError, Fault
from attnframe.plugin.contract import Facts
from attnframe.plugin.splitting import TRAIN
from attnframe_graph.data.graph_set import GraphSet, linked, with_degrees
from attnframe_graph.recipes.graph_sets import GraphSetData

MOST_DEGREES = 32
"""Degree from which on all degrees share a feature."""
COUNTED = ("label ", "element ")
"""How features begin that one value of many gives; graphs in which a value does not occur lack its column."""


def facts_of(graphs: GraphSet, recipe: GraphSetData) -> Facts:
    """Facts of graphs that are trained on, all plain.

    ``features`` and ``kinds`` (names as the data bring them), ``degrees`` (the last feature of degrees, or -1),
    ``shift`` and ``scale`` (of each feature), ``nodes`` (most in a graph), ``mean_nodes``, ``undirected``,
    ``self_loops``, ``form`` (of a user's own files); ``classes``, or ``mean`` and ``deviation`` of the values.
    """
    trained = graphs.parts == TRAIN
    edges, _ = linked(graphs, undirected=True, self_loops=False)
    degrees = -1
    if recipe.degrees:
        degrees = int(min(MOST_DEGREES, np.bincount(edges[1], minlength=1).max(initial=0)))
    rows = graphs.features[np.repeat(trained, graphs.sizes)]
    shift, scale = _moments(rows)
    facts: Facts = {
        "features": list(graphs.feature_names),
        "kinds": list(graphs.kind_names),
        "degrees": degrees,
        "shift": shift,
        "scale": scale,
        "nodes": int(graphs.sizes.max()),
        "mean_nodes": float(graphs.sizes[trained].mean()),
        "undirected": recipe.undirected,
        "self_loops": recipe.self_loops,
        "form": recipe.form,
    }
    if graphs.classes:
        return {**facts, "classes": list(graphs.classes)}
    values = graphs.targets[trained]
    return {**facts, "mean": float(values.mean()), "deviation": float(values.std()) or 1.0}


def width(facts: Facts) -> int:
    """Features F of a node as a model sees it."""
    return len(facts["features"]) + int(facts["degrees"]) + 1


def encoded(graphs: GraphSet, facts: Facts) -> GraphSet:
    """Graphs with features, kinds of edges and classes as `facts` name them.

    Raises:
        DataError: with everything that the model does not know.
    """
    faults: list[Fault] = []
    columns = _columns(graphs, facts["features"], faults)
    kinds = _renamed(graphs.kind_names, facts["kinds"], "edge kind", faults)
    targets, classes = graphs.targets, graphs.classes
    if classes and facts.get("classes"):
        numbers = _renamed(classes, facts["classes"], "class", faults)
        targets, classes = numbers[graphs.targets.astype(np.int64)], tuple(facts["classes"])
    if faults:
        raise DataError(faults)
    features = (columns - np.array(facts["shift"], np.float32)) / np.array(facts["scale"], np.float32)
    known = replace(
        graphs,
        features=features.astype(np.float32),
        feature_names=tuple(facts["features"]),
        kinds=kinds[graphs.kinds] if len(kinds) else graphs.kinds,
        kind_names=tuple(facts["kinds"]),
        targets=targets,
        classes=classes,
    )
    return known if facts["degrees"] < 0 else with_degrees(known, facts["degrees"])


def _moments(rows: npt.NDArray[np.float32]) -> tuple[list[float], list[float]]:
    """Shift and scale of each feature: mean and deviation of a measure, 0 and 1 of a yes or no."""
    shift, scale = [], []
    for column in rows.T.astype(np.float64):
        plain = np.isin(column, (0, 1)).all() or not column.std()
        shift.append(0.0 if plain else float(column.mean()))
        scale.append(1.0 if plain else float(column.std()))
    return shift, scale


def _columns(graphs: GraphSet, wanted: list[str], faults: list[Fault]) -> npt.NDArray[np.float32]:
    """The features in the order wanted; one that only counts a value which does not occur is 0."""
    place = {name: number for number, name in enumerate(graphs.feature_names)}
    missing = [name for name in wanted if name not in place and not name.startswith(COUNTED)]
    more = [name for name in graphs.feature_names if name not in wanted]
    must = f"must be the {len(wanted)} that the model was trained on"
    if missing:
        faults.append(Fault("features", must, f"none named {', '.join(missing[:5])}"))
    if more:
        faults.append(Fault("features", must, f"besides, {', '.join(more[:5])}", f"Known: {', '.join(wanted[:40])}."))
    columns = np.zeros((len(graphs.features), len(wanted)), np.float32)
    for number, name in enumerate(wanted):
        if name in place:
            columns[:, number] = graphs.features[:, place[name]]
    return columns


def _renamed(names: tuple[str, ...], known: list[str], what: str, faults: list[Fault]) -> npt.NDArray[np.int64]:
    """The numbers in `known` of each of the names."""
    must, works = "must be one that the model was trained on", f"Known: {', '.join(known) or 'none'}."
    faults += [Fault(f"{what} {name}", must, "", works) for name in names if name not in known]
    return np.array([known.index(name) if name in known else 0 for name in names], np.int64)
