"""Where a result comes from: configuration and environment, folded away at the end of a page."""

from __future__ import annotations

import json

from attnframe.pictures import Section, details, preformatted
from attnframe.runs.folder import RunFolder


def origin(folder: RunFolder) -> Section:
    """What was typed, the resolved configuration, and versions, device and data hash, as far as their files are there.

    Args:
        folder: of the run.
    """
    parts = []
    for title, path in (("Overrides", folder.overrides), ("Configuration", folder.config)):
        if path.is_file() and (text := path.read_text(encoding="utf-8").strip()):
            parts.append(details(title, [preformatted(text)]))
    if folder.environment.is_file():
        environment = json.loads(folder.environment.read_text(encoding="utf-8"))
        text = json.dumps(environment, indent=2, ensure_ascii=False)
        parts.append(details("Environment", [preformatted(text)]))
    return Section("Configuration and environment", parts)
