"""Molecules as one set of graphs, and how they are split."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from attnframe.plugin.splitting import SPLIT_SEED, TEST, TRAIN, VAL
from attnframe_graph.data.graph import NO_PART
from attnframe_graph.data.graph_set import GraphSet
from attnframe_graph.data.smiles import FEATURES, Molecule
from attnframe_graph.recipes.molecules import BONDS


def molecule_set(
    names: Sequence[str],
    molecules: Sequence[Molecule],
    targets: npt.NDArray[np.int64] | npt.NDArray[np.float64],
    classes: tuple[str, ...] = (),
    parts: npt.NDArray[np.uint8] | None = None,
) -> GraphSet:
    """Molecules side by side.

    Args:
        names: of the G molecules. molecules: these.
        targets: (G,) class indices, or values where `classes` is empty.
        classes: their names.
        parts: (G,); None for no part.
    """
    sizes = np.array([len(one.features) for one in molecules], np.int64)
    starts = np.cumsum(sizes) - sizes
    edges = [one.edges + start for one, start in zip(molecules, starts, strict=True)]
    return GraphSet(
        names=tuple(names),
        sizes=sizes,
        features=np.concatenate([one.features for one in molecules]),
        feature_names=FEATURES,
        edges=np.concatenate(edges, 1),
        kinds=np.concatenate([one.kinds for one in molecules]),
        kind_names=BONDS,
        targets=targets,
        parts=np.full(len(molecules), NO_PART, np.uint8) if parts is None else parts,
        classes=classes,
    )


def scaffold_parts(molecules: Sequence[Molecule], fractions: tuple[float, float, float]) -> npt.NDArray[np.uint8]:
    """Parts (G,) that share no scaffold: the commonest scaffolds train, rare ones validate, the rarest test. Those
    that are as rare come in an order drawn with seed 0, since that of a file often goes by class.

    Args:
        molecules: with scaffolds.
        fractions: shares of train, val and test; a scaffold goes to the first part that has room for it.
    """
    groups: dict[str, list[int]] = {}
    for number, one in enumerate(molecules):
        groups.setdefault(one.scaffold, []).append(number)
    room = np.round(np.cumsum(fractions)[:2] * len(molecules))
    parts, taken = np.full(len(molecules), TEST, np.uint8), [0, 0]
    drawn = np.random.default_rng(SPLIT_SEED).permutation(len(groups))
    for group, _ in sorted(zip(groups.values(), drawn, strict=True), key=lambda pair: (-len(pair[0]), pair[1])):
        if taken[0] + len(group) <= room[0]:
            parts[group], taken[0] = TRAIN, taken[0] + len(group)
        elif taken[1] + len(group) <= room[1] - room[0]:
            parts[group], taken[1] = VAL, taken[1] + len(group)
    return parts
