"""`attnframe new-attention`: writes a package with a variant that passes its conformance tests. Torch-free."""

from __future__ import annotations

from collections.abc import Sequence

from attnframe.cli.new_words import read_words
from attnframe.scaffold.new import new_attention


def run(argv: Sequence[str]) -> int:
    """Run the command; see `attnframe new-attention --help`. Returns the exit code."""
    words = read_words("new-attention", argv)
    written = new_attention(words.name, words.folder)
    print("\n".join(str(written.folder / file) for file in written.files))
    print(f"""
Next
  attnframe check plugin=nlp attention={written.folder / f"attnframe_{words.name}" / "variant.py"}
  pip install -e "{written.folder}[test]"
  attnframe train plugin=nlp attention={words.name}
  python -m pytest {written.folder}""")
    return 0
