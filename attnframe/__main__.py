"""`python -m attnframe`, the same as the console script."""

import sys

from attnframe.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
