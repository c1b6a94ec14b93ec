"""What the program knows of itself, for the section About."""

from typing import NamedTuple


class Folders(NamedTuple):
    """Where this till keeps what, as whole paths."""

    settings: str
    records: str
    logs: str


class About(NamedTuple):
    """Version and folders."""

    version: str
    folders: Folders
