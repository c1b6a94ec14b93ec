"""The command ``optty-desktop``: the window at once, everything else by its commands.

Exit codes: 0 fine, 1 something did not work (said on standard error in one sentence), 2 wrong arguments.
"""

import sys
from collections.abc import Sequence

_OF_THE_WINDOW = {(): False, ("--training",): True}
"""What the icons of the program give, and whether that asks for training."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = tuple(sys.argv[1:] if arguments is None else arguments)
    starts_in_training = _OF_THE_WINDOW.get(given)
    if starts_in_training is None:
        from optty_desktop.commands import run_command

        return run_command(given)
    # Before the parser of all commands is made, which takes a tenth of the time to the first paint.
    from optty_desktop.app import run_window

    return run_window(starts_in_training=starts_in_training, environment_id=None)
