"""Settings of the data of `motor_control`. Torch-free."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts
from attnframe.recipe import AtLeast, Between, frozen


@frozen
class MotorData(DataRecipe, ABC):
    """Rows of numbers, one of which follows from the others.

    Args:
        batch_size: rows per step.
    """

    batch_size: Annotated[int, AtLeast(1)] = 64

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if min(self.split) <= 0:
            yield self.fault("split", "must leave rows in each part", "Try [0.8,0.1,0.1].")


@frozen
class PlanarArm(MotorData):
    """An arm of equal links that turn in one plane, all of them as long as 1 together: from the angles of its joints,
    drawn from -pi/2 to pi/2 radians, to the distance of its end from the point (0.1, 0.1).

    Args:
        rows: how many are generated.
        joints: of the arm.
        noise: standard deviation of what is added to the distance.
    """

    name: ClassVar[str] = "planar_arm"
    summary: ClassVar[str] = "2,000 postures of an arm of 4 joints, and where its end is (generated, no network)"

    rows: Annotated[int, AtLeast(30)] = 2000
    joints: Annotated[int, Between(1, 64)] = 4
    noise: Annotated[float, AtLeast(0)] = 0.01

    def nominal_facts(self) -> Facts:
        return nominal([f"joint{number + 1}" for number in range(self.joints)], "distance")

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> Any:
        from attnframe_control.motor_control.arm import postures
        from attnframe_control.motor_control.data import MotorModule

        return MotorModule(self, lambda facts: postures(self.rows, self.joints, self.noise))


@frozen
class Kin8nm(MotorData):
    """kin8nm of DELVE (https://www.openml.org/d/189): the simulated forward kinematics of an arm of 8 links, from the
    angles of its joints (radians) to the distance of its end from a target; nonlinear, with noise of medium size.
    """

    name: ClassVar[str] = "kin8nm"
    summary: ClassVar[str] = "8,192 postures of an arm of 8 joints, and where its end is (no licence stated, 0.8 MB)"

    def nominal_facts(self) -> Facts:
        return nominal([f"theta{number + 1}" for number in range(8)], "distance")

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> Any:
        from attnframe_control.motor_control.data import MotorModule
        from attnframe_control.motor_control.kin8nm import read_kin8nm

        return MotorModule(self, lambda facts: read_kin8nm(data_dir))

    def download(self, data_dir: Path) -> None:
        from attnframe_control.motor_control.kin8nm import FILE

        FILE.ready(data_dir)


@frozen
class Reacher(MotorData):
    """Reacher-v5 of Gymnasium (https://gymnasium.farama.org/environments/mujoco/reacher): an arm of two joints in
    MuJoCo that is moved at random; from angles (radians), velocities, target (metres) and torques to the distance of
    its end from the target one step later.

    Args:
        rows: steps that are recorded.
    """

    name: ClassVar[str] = "reacher"
    summary: ClassVar[str] = "4,000 steps of an arm in MuJoCo (generated; pip install attnframe-control[mujoco])"

    rows: Annotated[int, AtLeast(30)] = 4000

    def nominal_facts(self) -> Facts:
        return nominal([f"x{number}" for number in range(8)], "distance")

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> Any:
        from attnframe_control.motor_control.data import MotorModule
        from attnframe_control.motor_control.reacher import steps

        return MotorModule(self, lambda facts: steps(self.rows))


@frozen
class MotorCsv(MotorData):
    """A user's own table: columns of numbers, one of them to be told from the others.

    Args:
        path: the CSV file; its first line names the columns.
        target: the column to be told.
        features: the columns that it is told from; null for all others.
    """

    name: ClassVar[str] = "motor_csv"
    summary: ClassVar[str] = "your own table of numbers: data.path=FILE data.target=COLUMN"

    target: str = "target"
    features: tuple[str, ...] | None = None

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.path is None:
            yield self.fault("path", "must be a CSV file of numbers", "Give data.path=FILE.csv.")
        if self.features is not None and (not self.features or self.target in self.features):
            yield self.fault("features", f"must be columns other than the target {self.target}")

    def nominal_facts(self) -> Facts:
        return nominal(["x1", "x2"] if self.features is None else list(self.features), self.target)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> Any:
        from attnframe_control.motor_control.data import MotorModule
        from attnframe_control.motor_control.table import read_own

        return MotorModule(self, lambda facts: read_own(Path(self.path or ""), self.target, self.features, facts))


def nominal(features: list[str], target: str) -> Facts:
    """Facts of data that was not read."""
    count = len(features)
    return {
        "features": features,
        "mean": [0.0] * count,
        "std": [1.0] * count,
        "target": target,
        "target_mean": 0.0,
        "target_std": 1.0,
    }
