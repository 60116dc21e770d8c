"""Lets Hydra find the shared options and those of every installed plugin, without importing a plugin."""

from __future__ import annotations

from hydra.core.config_search_path import ConfigSearchPath
from hydra.plugins.search_path_plugin import SearchPathPlugin

from attnframe.plugin.discovery import discover, shared_conf


class AttnframeSearchPath(SearchPathPlugin):
    """Appends the `conf` folders; safe to apply twice, because it may be registered in more than one way."""

    def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
        present = {element.path for element in search_path.get_path()}
        folders = [("attnframe", shared_conf()), *((found.name, found.conf) for found in discover().plugins)]
        for name, folder in folders:
            path = f"file://{folder}"
            if path not in present:
                search_path.append(provider=f"attnframe-{name}", path=path)
