"""The scripted expert of MiniGrid's memory."""

from attnframe_control.offline_policy.worlds.memory import Expert, Memory
from attnframe_control.offline_policy.worlds.recorded import episode


def test_the_expert_looks_first_and_then_succeeds():
    world = Memory()
    environment = world.make()
    for seed in range(30):
        expert = Expert(environment.unwrapped)
        steps = episode(world, environment, seed, expert)
        assert expert.first is not None
        assert sum(reward for _, _, reward in steps) > 0
        assert all(state.shape == (49,) for state, _, _ in steps)
        looked = next(number for number, (state, _, _) in enumerate(steps) if {5, 6} & {*state.tolist()})
        assert looked < len(steps) - 2
