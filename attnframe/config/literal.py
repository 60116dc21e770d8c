"""Values that are taken as they are typed. Torch-free.

Paths and texts of users hold spaces, commas, quotes, brackets, ``=``, ``~`` and ``${``; these mean something in Hydra's
override grammar and in OmegaConf's interpolation, so the value is quoted and escaped before either sees it.
"""

from __future__ import annotations

import re
from pathlib import Path

LITERAL_KEYS = ("input", "output", "ckpt", "resume", "data_dir", "data.path")
"""Keys whose values are taken literally; an empty value is null."""


def literal(value: str) -> str:
    """A value in Hydra's override grammar that composes to exactly `value`; null when empty."""
    if not value:
        return "null"
    escaped = re.sub(r"(\\*)\$\{", lambda match: match[1] * 2 + r"\${", value)
    quoted = re.sub(r"(\\*)('|$)", lambda match: match[1] * 2 + (r"\'" if match[2] else ""), escaped)
    return f"'{quoted}'"


def user_path(text: str) -> Path:
    """The absolute path that a user means: the literal one if it exists, else with a leading ``~/`` as the home."""
    path = Path(text)
    if text.startswith("~/") and not path.exists():
        path = path.expanduser()
    return path.absolute()
