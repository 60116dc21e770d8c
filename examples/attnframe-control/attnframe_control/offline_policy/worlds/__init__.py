"""The environments. Gymnasium is imported when one is made."""

from collections.abc import Mapping

from attnframe.plugin.contract import Facts
from attnframe_control.offline_policy.worlds.base import World
from attnframe_control.offline_policy.worlds.cartpole import CartPole
from attnframe_control.offline_policy.worlds.given import Given
from attnframe_control.offline_policy.worlds.memory import Memory
from attnframe_control.offline_policy.worlds.recorded import RecordedWorld

RECORDED: Mapping[str, RecordedWorld] = {world.name: world for world in (CartPole(), Memory())}
"""Those with trajectories of their own, by the name of their data."""


def world_of(facts: Facts) -> World:
    """The world that a model was trained in."""
    return RECORDED.get(facts["world"]) or Given(facts)
