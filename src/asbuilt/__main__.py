"""``python -m asbuilt``: the same as the command ``asbuilt``."""

import sys

from asbuilt.cli.main import run

if __name__ == "__main__":
    sys.exit(run())
