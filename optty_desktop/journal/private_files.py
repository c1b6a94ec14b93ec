"""Files and folders that only their owner may read, whatever the umask."""

import os
from pathlib import Path
from typing import Final

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600


def make_private_folder(folder: Path) -> None:
    """Create the folder with its missing parents, and close it to others. Raises OSError."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        one.chmod(FOLDER_MODE)
    _close_to_others(folder)


def make_private_file(path: Path) -> None:
    """Create an empty file unless it exists, and close it to others. Raises OSError.

    An existing file is never opened: on POSIX systems, closing it would drop the locks SQLite holds in this process.
    """
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE)
    except FileExistsError:
        pass
    else:
        os.close(handle)
        path.chmod(FILE_MODE)
        sync_folder(path.parent)
    _close_to_others(path)


def _close_to_others(path: Path) -> None:
    """Take the rights of group and others away; the owner's own stay as they are."""
    mode = path.stat().st_mode
    if mode & 0o077:
        path.chmod(mode & FOLDER_MODE)


def sync_file(path: Path) -> None:
    """Wait until the content of a file that nobody has open is on the disk. Raises OSError."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make the name of a new file durable; SQLite does so for its side files, not for the main one. Raises OSError."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
