"""``python -m optty_desktop`` is the command ``optty-desktop``."""

import sys

from optty_desktop.cli import main

if __name__ == "__main__":
    sys.exit(main())
