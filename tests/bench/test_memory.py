"""Peak memory comes from a process of its own."""

from __future__ import annotations

from attnframe.bench.chosen import Chosen
from attnframe.bench.memory import Job, peak, preload
from attnframe.bench.settings import BenchSettings

MIB = 2**20


def job(length: int, contender: str = "attnframe") -> Job:
    settings = BenchSettings(lengths=(length,), peers=("pytorch",), threads=1)
    return Job(Chosen(settings, ("talking_heads",), (("num_heads", 4),), 32), "talking_heads", str(length), contender)


def test_what_a_step_holds_is_counted_and_what_it_does_not_is_not() -> None:
    preload([])
    small, large = peak(job(16)).bytes, peak(job(1024)).bytes
    assert small is not None
    assert large is not None
    assert small < 12 * MIB  # nothing of the packages that the process has imported
    assert 16 * MIB < large - small < 400 * MIB  # one matrix of all pairs and heads takes 16 MiB, a step a few of them


def test_what_stops_a_process_is_told() -> None:
    assert peak(job(16, "nobody")).fault.startswith("StopIteration")
