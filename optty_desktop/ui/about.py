"""What the program knows of itself, for the settings."""

from typing import NamedTuple

from optty_desktop.core.policy import Policy


class Folders(NamedTuple):
    """Where this till keeps what, as whole paths."""

    settings: str
    records: str
    logs: str


class About(NamedTuple):
    """Version, folders, and what an administrator has set."""

    version: str
    folders: Folders
    policy: Policy = Policy()
