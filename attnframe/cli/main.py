"""The console script `attnframe`: finds the command, shows its help, and turns errors into exit codes. Torch-free."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

from attnframe import __version__
from attnframe.cli.arguments import HELP
from attnframe.cli.help import COMMANDS, command_help, program_help
from attnframe.cli.screen import show_error, show_faults
from attnframe.errors import ConfigurationError, Fault, RunError, did_you_mean


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line.

    Args:
        argv: the words after the program's name; those of the process by default.

    Returns:
        0 done, 1 failed, 2 wrong configuration or input, 130 interrupted.
    """
    try:
        code = _answer(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of a pipe, `head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _answer(words: Sequence[str]) -> int:
    if not words or words[0] in (*HELP, "help"):
        print(program_help())
        return 0
    if words[0] == "--version":
        print(f"attnframe {__version__}")
        return 0
    command, *rest = words
    if command not in COMMANDS:
        show_faults("", [Fault(command, "is not a command", "", did_you_mean(command, list(COMMANDS)))])
        return 2
    if any(word in HELP for word in rest):
        print(command_help(command))
        return 0
    return _run(command, rest)


def _run(command: str, words: Sequence[str]) -> int:
    handler = importlib.import_module(f"attnframe.cli.{COMMANDS[command].module}")
    try:
        return int(handler.run(words))
    except ConfigurationError as error:
        show_faults(command, error.faults)
        return 2
    except RunError as error:
        show_error(command, str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # is no failure, and `main` knows what it means
        raise
    except Exception as error:  # whatever it is, the user sees one screen and the trace is kept
        import tempfile
        import traceback

        descriptor, path = tempfile.mkstemp(prefix="attnframe-", suffix=".log")
        with open(descriptor, "w", encoding="utf-8") as log:
            log.write(traceback.format_exc())
        show_error(command, f"{type(error).__name__}: {error}. The trace is in {path}.")
        return 1


if __name__ == "__main__":
    sys.exit(main())
