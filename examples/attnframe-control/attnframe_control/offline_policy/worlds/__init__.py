"""The environments, by the name of their data. Gymnasium is imported when one is made."""

from collections.abc import Mapping

from attnframe_control.offline_policy.worlds.base import World
from attnframe_control.offline_policy.worlds.cartpole import CartPole
from attnframe_control.offline_policy.worlds.memory import Memory

WORLDS: Mapping[str, World] = {world.name: world for world in (CartPole(), Memory())}
