"""Writes the pages and drawings that are made of the code.

python docs/generate.py            rewrites them
python docs/generate.py --check    exits 1 when one is not what the code says
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from building import configuration, drawings, own_data, readme, variants

ROOT = Path(__file__).parents[1]
PAGES: dict[str, Callable[[], str]] = {
    "README.md": readme.readme,
    "docs/variants.md": variants.page,
    "docs/configuration.md": configuration.page,
    "docs/own-data.md": own_data.page,
    **drawings.drawings(),
}


def main() -> None:
    """Write the pages, or compare them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = []
    for name, write in PAGES.items():
        path, text = ROOT / name, write()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
    if check and stale:
        sys.exit(f"not what the code says: {', '.join(stale)}; run python docs/generate.py")


if __name__ == "__main__":
    main()
