"""`attnframe new-plugin`: writes a package with a plugin that passes its conformance tests. Torch-free."""

from __future__ import annotations

from collections.abc import Sequence

from attnframe.cli.new_words import read_words
from attnframe.scaffold.new import new_plugin


def run(argv: Sequence[str]) -> int:
    """Run the command; see `attnframe new-plugin --help`. Returns the exit code."""
    words = read_words("new-plugin", argv, options=("--task",))
    written = new_plugin(words.name, words.options.get("--task"), words.folder)
    print("\n".join(str(written.folder / file) for file in written.files))
    print(f"""
Next
  pip install -e "{written.folder}[test]"
  attnframe train plugin={words.name} attention=gqa
  python -m pytest {written.folder}""")
    return 0
