"""The lists of names in README.md."""

from __future__ import annotations

from pathlib import Path

from building.markdown import table
from building.registered import BRIDGES, mask_classes, options

from attnframe.plugin.discovery import load_plugin
from attnframe.recipes.registry import attention_variants, position_schemes

README = Path(__file__).parents[2] / "README.md"
END = "<!-- end -->"


def readme() -> str:
    """The page with its lists as the code has them."""
    text = README.read_text(encoding="utf-8")
    for name, listed in (("tasks", tasks()), ("engine", names())):
        before, mark, rest = text.partition(f"<!-- list: {name} -->\n")
        text = f"{before}{mark}{listed}\n{END}{rest.partition(END)[2]}"
    return text


def tasks() -> str:
    """The list of tasks of the plugins in this repository, with their models and data, for the README."""
    rows = []
    for folder in sorted((README.parent / "plugins").glob("attnframe_*")):
        name = folder.name.removeprefix("attnframe_")
        plugin = f"[`{name}`](plugins/{folder.name}/README.md)"
        for task in load_plugin(name).tasks.values():
            rows.append([plugin, f"`{task.name}`", task.summary, " ".join(task.models), " ".join(task.datasets)])
    return table(["`plugin=`", "`task=`", "what", "`model=`", "`data=`"], rows)


def names() -> str:
    """The list of everything that can be chosen, for the README."""
    found = {
        "`attention=`": [*attention_variants()],
        "`position=`": [*position_schemes()],
        "`attention.score=`": options("score"),
        "`attention.normaliser=`": options("normaliser"),
        "`attnframe.masks`": [cls.__name__ for cls in mask_classes()],
        "bridges": [cls.__name__ for cls in BRIDGES.values()],
    }
    return table(["", ""], [[kind, " ".join(every)] for kind, every in found.items()])
