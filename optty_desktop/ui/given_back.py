"""A question that sends must not stay on the screen without an answer that closes it."""

from collections.abc import Iterator
from contextlib import contextmanager

from shiboken6 import isValid

from optty_desktop.ui.confirm_dialog import ConfirmDialog


@contextmanager
def given_back(dialog: ConfirmDialog, text: str) -> Iterator[None]:
    """Let `dialog` say `text` and offer its answers again when the block raises what nobody expected; raise it on."""
    try:
        yield
    except Exception:
        # What was raised may be that the dialog is gone.
        if isValid(dialog):
            dialog.set_problem(text)
        raise
