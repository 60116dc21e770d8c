"""Settings of data, model and prediction of `offline_policy`. Torch-free."""

from abc import ABC
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts, PredictRecipe, TransformerRecipe
from attnframe.recipe import AtLeast, frozen


@frozen
class DecisionTransformer(TransformerRecipe):
    """Causal blocks over the tokens (return to go, state, action) of each step (Chen et al. 2021,
    https://arxiv.org/abs/2106.01345).
    """

    summary: ClassVar[str] = "causal blocks over returns to go, states and actions (Chen et al. 2021)"


@frozen
class TrajectoryData(DataRecipe, ABC):
    """Trajectories, split by whole ones.

    Args:
        batch_size: windows per step.
        context: steps that the model sees, the present one included.
        stride: steps from one training window of a trajectory to the next.
    """

    batch_size: Annotated[int, AtLeast(1)] = 64
    context: Annotated[int, AtLeast(2)] = 10
    stride: Annotated[int, AtLeast(1)] = 5

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if min(self.split) <= 0:
            yield self.fault("split", "must leave trajectories in each part", "Try [0.8,0.1,0.1].")


@frozen
class RecordedTrajectories(TrajectoryData, ABC):
    """Base of trajectories that are recorded with a script."""

    def nominal_facts(self) -> Facts:
        from attnframe_control.offline_policy.worlds import RECORDED

        return RECORDED[self.name].facts | {"context": self.context}

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> Any:
        from attnframe_control.offline_policy.data import TrajectoryModule
        from attnframe_control.offline_policy.worlds import RECORDED

        world = RECORDED[self.name]
        return TrajectoryModule(self, lambda known: (world, *world.trajectories(cache_dir)))


@frozen
class CartPoleTrajectories(RecordedTrajectories):
    """CartPole-v1 (Barto et al. 1983; https://gymnasium.farama.org): 200 trajectories of actors with a mean return of
    about 150 of 500: some keep the pole upright, most lean and drift off the track, some push at random.
    """

    name: ClassVar[str] = "cartpole"
    summary: ClassVar[str] = "200 trajectories of CartPole by good, leaning and random actors (generated, no network)"


@frozen
class MemoryTrajectories(RecordedTrajectories):
    """MiniGrid-MemoryS7-v0 (Chevalier-Boisvert et al. 2023, https://arxiv.org/abs/2306.13831): 2,000 trajectories of an
    expert that looks at an object, and at the end of a hallway goes to the one that matches it. Where to turn cannot be
    seen there, so no policy without memory succeeds more than half of the time.
    """

    name: ClassVar[str] = "minigrid_memory"
    summary: ClassVar[str] = "2,000 trajectories of an expert in MiniGrid-MemoryS7 (generated once, no network)"
    context: Annotated[int, AtLeast(2)] = 12


@frozen
class TrajectoryFile(TrajectoryData):
    """A user's own trajectories, a line of JSON each: ``{"states": [[...], ...], "actions": [...], "rewards": [...]}``,
    all three of the same length; states are real numbers, actions names, or numbers from 0.

    Args:
        environment: id in gymnasium of the environment that they are of, for roll-outs; null for none.
    """

    name: ClassVar[str] = "trajectory_file"
    summary: ClassVar[str] = "your own trajectories, a line of JSON each (data.path=FILE data.environment=ID)"
    environment: str | None = None

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.path is None:
            yield self.fault("path", "must be a file of trajectories", "Give data.path=FILE.")

    def nominal_facts(self) -> Facts:
        from attnframe_control.offline_policy.worlds.given import Given

        known = {"environment": self.environment, "actions": ["0", "1"], "state_size": 4, "target": 1.0}
        return Given(known).facts | {"context": self.context}

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> Any:
        from attnframe_control.offline_policy.data import TrajectoryModule
        from attnframe_control.offline_policy.files import read_trajectories

        path = Path(self.path or "")
        return TrajectoryModule(self, lambda known: read_trajectories(path, self.environment, known))


@frozen
class PolicyPredict(PredictRecipe):
    """Settings of `attnframe predict`.

    Args:
        target: return that the model is asked to reach; null for that of the environment.
    """

    target: float | None = None
