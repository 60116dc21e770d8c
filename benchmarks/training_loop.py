"""Overhead of the training loop: a step of `attnframe train`, logging on, beside one of a bare loop of the same model.

    python benchmarks/training_loop.py [--steps 400] [--rounds 5] [--threads 2] [overrides ...]

Step by step in turn: whenever our loop asks for a batch, one step of the bare loop is taken first, so both see the same
machine. Both train the default model of `plugin=vision` on digits (or what overrides say) with the same batches,
augmentation, AdamW and gradient clipping; ours also schedules the learning rate, counts, watches the clock and writes
metrics.csv and TensorBoard events. Writes benchmarks/results/speed-loop.json. Bar: 1 ms a step more.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

import torch
from interleaved import write
from torch import Tensor, nn

from attnframe.config.check import check
from attnframe.plan import RunPlan
from attnframe.plugin.data import DataModule
from attnframe.plugin.task_module import TaskModule
from attnframe.runs.folder import RunFolder
from attnframe.training.fit import fit

WARM = 20
Taken = tuple[float, float]
"""Seconds on the wall, and of the main thread's own work, which other programs on the machine lengthen less."""


def now() -> Taken:
    return perf_counter(), thread_time()


def since(begin: Taken, end: Taken) -> Taken:
    return end[0] - begin[0], end[1] - begin[1]


class Beside:
    """The training split, which takes a step of the bare loop before it hands out a batch.

    Args:
        data: the data module whose training split this stands for.
        module: the bare loop's own copy of the model.
        plan: gives the settings of the optimiser.
    """

    def __init__(self, data: DataModule, module: TaskModule, plan: RunPlan) -> None:
        self.split, self.augment, self.module = data.train, data.augment, module.train()
        optim = plan.optim
        self.clip = optim.gradient_clip
        self.optimiser = torch.optim.AdamW(module.parameters(), lr=optim.lr, betas=optim.betas, fused=True)
        self.bare: list[Taken] = []
        self.ours: list[Taken] = []
        self.left: Taken | None = None

    def __len__(self) -> int:
        return len(self.split)

    def batch(self, indices: Tensor) -> Any:
        begin = now()
        if self.left is not None:
            self.ours.append(since(self.left, begin))
        loss, _ = self.module.loss(self.augment(self.split.batch(indices)))
        loss.backward()
        if self.clip is not None:
            nn.utils.clip_grad_norm_(self.module.parameters(), self.clip)
        self.optimiser.step()
        self.optimiser.zero_grad()
        self.left = now()
        self.bare.append(since(begin, self.left))
        return self.split.batch(indices)


def one_round(plan: RunPlan) -> tuple[list[Taken], list[Taken]]:
    """What each step of the bare loop took, and each of ours."""
    data = plan.data.build(data_dir=plan.data_dir, cache_dir=plan.cache_dir, seed=0)
    data.setup()
    ours, bare = (plan.task.build(plan.parts, data.facts) for _ in range(2))
    beside = Beside(data, bare, plan)
    data.train = beside
    with tempfile.TemporaryDirectory() as folder:
        fit(plan, ours, data, RunFolder(Path(folder)), None)
    count = len(beside.ours)
    return beside.bare[WARM:count], beside.ours[WARM:count]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("overrides", nargs="*", default=["plugin=vision"])
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    loop = [f"trainer.max_steps={given.steps}", f"trainer.validate_every_steps={given.steps}", "logger=[tensorboard]"]
    plan = check([*given.overrides, *loop, "trainer.max_epochs=null", "floor=false"]).plans[0]
    bare: list[Taken] = []
    ours: list[Taken] = []
    for _ in range(given.rounds):
        taken = one_round(plan)
        bare += taken[0]
        ours += taken[1]
    wall, work = ([1e3 * (o[part] - b[part]) for o, b in zip(ours, bare, strict=True)] for part in (0, 1))
    record = write(
        "loop",
        f"a training step, {' '.join(given.overrides)}, logging on, beside a bare PyTorch loop",
        {"attnframe": [taken[0] for taken in ours], "bare": [taken[0] for taken in bare]},
        "attnframe",
        bar="1 ms a step more",
        milliseconds_more={"median": statistics.median(wall), "mean": statistics.fmean(wall)},
        milliseconds_more_work={"median": statistics.median(work), "mean": statistics.fmean(work)},
        steps=len(wall),
    )
    print(
        f"{record['milliseconds']['attnframe']:.2f} ms a step, bare {record['milliseconds']['bare']:.2f} ms:"
        f" {statistics.median(wall):.3f} ms more in the median ({statistics.median(work):.3f} of own work),"
        f" {statistics.fmean(wall):.3f} in the mean ({statistics.fmean(work):.3f})"
    )


if __name__ == "__main__":
    main()
