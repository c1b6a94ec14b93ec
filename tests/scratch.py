"""Where a run keeps its files and what it compiles: in memory where there is room, and for the next run."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

IN_MEMORY = Path("/dev/shm")  # noqa: S108  only asked for as the parent of private folders
ROOM = 2**30
"""Bytes that must be free there; containers often have a sixteenth of that."""


def work_in_memory(place: Path = IN_MEMORY, room: int = ROOM) -> None:
    """Put all temporary files of this process and its children in memory: no test is about a disk that flushes.

    A run makes some ten thousand folders, and a power cut or a full disk is played below SQLite and not on a disk.
    """
    if "TMPDIR" not in os.environ and has_room(place, room):
        os.environ["TMPDIR"] = tempfile.tempdir = str(place)


def has_room(place: Path, room: int) -> bool:
    """Tell whether a run's files, ``room`` bytes at most, may lie in this folder."""
    return os.access(place, os.W_OK | os.X_OK) and shutil.disk_usage(place).free >= room


def keep_bytecode() -> None:
    """Compile each file once and not in each process and run: a quarter of a minute for each worker."""
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
