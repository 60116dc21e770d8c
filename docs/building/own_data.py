"""The table of forms of a user's own data, from the data recipes that take a path."""

from __future__ import annotations

from pathlib import Path

from building.markdown import paragraphs, table

from attnframe.plugin.discovery import load_plugin

PAGE = Path(__file__).parents[1] / "own-data.md"
MARK, END = "<!-- list: forms -->\n", "<!-- end -->"


def page() -> str:
    """The page with its table as the code has it."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(MARK)
    return f"{before}{MARK}{forms()}\n{END}{rest.partition(END)[2]}"


def forms() -> str:
    """A row for each form of each task."""
    rows = []
    for folder in sorted((PAGE.parents[1] / "plugins").glob("attnframe_*")):
        plugin = folder.name.removeprefix("attnframe_")
        for task in load_plugin(plugin).tasks.values():
            for name, recipe in task.datasets.items():
                if recipe.summary.startswith("your own"):
                    told = f"[{plugin}](../plugins/{folder.name}/README.md)"
                    rows.append([f"`data={name}`", f"`{task.name}`", paragraphs(recipe)[0], told])
    return table(["form", "task", "what it is", "in full"], rows)
