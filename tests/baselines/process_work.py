"""What the processes of the tests do."""

import os
import signal

from attnframe.errors import ConfigurationError, Fault


def doubled(number: int) -> tuple[int, bool]:
    """Twice a number, and whether Ctrl-C is left to the parent."""
    print(f"doubling {number}")
    return 2 * number, signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def refused() -> None:
    """Two faults."""
    raise ConfigurationError([Fault("data.path", "must be there", "nothing"), Fault("seed", "must be even")])


def broken() -> None:
    """An error that nobody expected."""
    raise KeyError("missing")


def died(by: int) -> None:
    """The end of the process."""
    os.kill(os.getpid(), by)
