"""The module of the task `path_planning`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torchmetrics import MeanMetric, Metric

from attnframe.errors import DataError, Fault
from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.subject import Subject
from attnframe.plugin.task_module import TaskModule
from attnframe_control.path_planning.data import FAR_SHARE
from attnframe_control.path_planning.exhibits import FirstMaps
from attnframe_control.path_planning.explaining import ToldMove
from attnframe_control.path_planning.following import arrives, far_starts, path, starts
from attnframe_control.path_planning.maps import FAR, MapSet, distances
from attnframe_control.path_planning.network import PlanNetwork
from attnframe_control.path_planning.pictures import save_maps
from attnframe_control.path_planning.text import TextMap, read_maps


class Planner(TaskModule):
    """`PlanNetwork`, scored by moves and by where they lead. A batch is that of `MapModule`.

    Args:
        parts: attention, position and model recipes, the last a `PlanTransformer`. facts: of `MapModule`.
    """

    def __init__(self, parts: Parts, facts: Facts) -> None:
        super().__init__(facts)
        rows, columns = facts["size"]
        self.network = PlanNetwork(parts, (rows, columns))

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        """Logits (B, 8, H, W)."""
        logits: Tensor = self.network(batch["free"], batch["goal"])
        return logits

    def loss(self, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Minus the log of the probability that all first moves of shortest paths have together, the mean over all
        starts; and the logits."""
        logits = self(batch)
        shares = logits.float().log_softmax(1)
        some = starts(batch["distance"])
        told = shares.masked_fill(~batch["shortest"], -torch.inf).logsumexp(1)
        return -torch.where(some, told, 0.0).sum() / some.sum().clamp(min=1), logits

    def metrics(self) -> dict[str, Metric]:
        """``accuracy``: share of starts whose move is the first of a shortest path; ``success``: from which the moves
        lead to the goal; ``far_success``: the same of those that are far from it."""
        return {name: MeanMetric() for name in ("accuracy", "success", "far_success")}

    def update_metrics(self, metrics: dict[str, Metric], batch: dict[str, Tensor], outputs: Tensor) -> None:
        moves = outputs.argmax(1)
        some, far = starts(batch["distance"]), far_starts(batch["distance"], FAR_SHARE)
        right = batch["shortest"].gather(1, moves.unsqueeze(1)).squeeze(1)
        arrived = arrives(moves, batch["free"], batch["goal"])
        for name, found in (("accuracy", right[some]), ("success", arrived[some]), ("far_success", arrived[far])):
            if len(found):
                metrics[name].update(found.float())

    def exhibits(self) -> list[Exhibit]:
        """Some maps, and from where the goal is reached."""
        return [FirstMaps()]

    def example_batch(self, batch_size: int, device: str = "cpu") -> dict[str, Tensor]:
        cells = torch.zeros(batch_size, *self.facts["size"], dtype=torch.bool, device=device)
        moves = cells.unsqueeze(1).expand(-1, 8, -1, -1)
        return {"free": cells, "goal": cells, "shortest": moves, "distance": cells.to(torch.int16)}

    def example_input(self, folder: Path) -> str:
        """A map without walls."""
        rows, columns = self.facts["size"]
        lines = ["." * columns] * (rows - 1)
        file = folder / "map.txt"
        file.write_text("\n".join(["S" + lines[0][1:], *lines[1:], lines[0][1:] + "G"]) + "\n", encoding="utf-8")
        return str(file)

    def read_inputs(self, source: str, options: PredictRecipe) -> list[tuple[str, Any]]:
        """Each map and start of a text file of maps, or of each below a folder.

        Raises:
            DataError: with everything that is wrong with the maps.
        """
        rows, columns = self.facts["size"]
        found: list[tuple[str, Any]] = []
        faults: list[Fault] = []
        for one in read_maps(source, "input"):
            height, width = one.cells.shape
            if height > rows or width > columns:
                must = f"must be no larger than {rows} x {columns} cells, which the model was trained on"
                faults.append(Fault(f"input={one.name}", must, f"{height} x {width}"))
            if not one.starts:
                faults.append(Fault(f"input={one.name}", "must have a start S", "none", "Put S where a path begins."))
            found += [(f"{one.name}, start {row + 1},{column + 1}", (one, (row, column))) for row, column in one.starts]
        if faults:
            raise DataError(faults)
        return found

    def given(self, one: TextMap) -> tuple[MapSet, dict[str, Tensor]]:
        """A map as a set of one, and as a batch of one."""
        filled = one.filled(*self.facts["size"])
        device = self.network.skip.weight.device
        parts = {"free": filled.free, "goal": filled.goals}
        return filled, {name: torch.from_numpy(part).to(device) for name, part in parts.items()}

    @torch.no_grad()
    def predict(self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        """``input``, whether the goal is ``reached``, after how many ``moves``, in how many it can be (``shortest``;
        null where it cannot) and the ``path``, rows and columns from 1."""
        self.eval()
        for name, (one, start) in inputs:
            filled, batch = self.given(one)
            cells = path(self(batch)[0].argmax(0).cpu(), *(batch[key][0].cpu() for key in ("free", "goal")), start)
            away = int(distances(filled)[0][start])
            yield {
                "input": name,
                "reached": bool(filled.goals[0][cells[-1]]),
                "moves": len(cells) - 1,
                "shortest": away if away < FAR else None,
                "path": " ".join(f"{row + 1},{column + 1}" for row, column in cells),
            }

    def save_pictures(self, records: list[dict[str, Any]], folder: Path) -> list[Path]:
        """A page with every path on its map."""
        return save_maps(records, folder)

    def subjects(
        self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe
    ) -> Iterator[tuple[str, Callable[[], Subject]]]:
        """Each start with its first move."""
        for name, (one, start) in inputs:
            yield name, partial(ToldMove, name, self, one, start)
