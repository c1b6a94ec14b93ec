"""What the program knows of itself, for the settings."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from optty_desktop.core.change_log import Release
from optty_desktop.core.policy import Policy
from optty_desktop.ui.update_notice import UpdateNotice


class Folders(NamedTuple):
    """Where this till keeps what, as whole paths."""

    settings: str
    records: str
    logs: str


def nothing_changed() -> tuple[Release, ...]:
    """What changed where nobody wrote it down."""
    return ()


class About(NamedTuple):
    """Version, folders, and what an administrator has set.

    ``history`` reads what came with each version, ``updates`` knows whether a newer one is ready.
    """

    version: str
    folders: Folders
    policy: Policy = Policy()
    history: Callable[[], Sequence[Release]] = nothing_changed
    updates: UpdateNotice | None = None
