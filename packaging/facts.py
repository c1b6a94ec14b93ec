"""What packages say about the program: name, version, identifiers; each is written down in one place only."""

from __future__ import annotations

import os
import platform
import re
import sys
import tomllib
from dataclasses import dataclass
from functools import lru_cache

from processes import ROOT, Stop, output_of

PROGRAM = "optty-desktop"
"""The name of the command, of its folder and of its desktop file."""

RELAY = "optty-relay"
"""The relay's command, folder, user on a server, and service."""

_START_OF_TIME = 315532800
"""1980, the earliest time that every archive format can hold."""


@dataclass(frozen=True, slots=True)
class Program:
    """One of the programs that are packed. ``spec`` is what PyInstaller reads; sizes are in MB of 1,048,576 bytes."""

    name: str
    spec: str
    has_window: bool
    most_packed_mb: int
    most_unpacked_mb: int


TILL = Program(PROGRAM, "optty_desktop.spec", has_window=True, most_packed_mb=40, most_unpacked_mb=130)
SERVER = Program(RELAY, "optty_relay.spec", has_window=False, most_packed_mb=20, most_unpacked_mb=60)


@dataclass(frozen=True, slots=True)
class Facts:
    """Name is what people read, identifier what systems know the program by, for good."""

    name: str
    version: str
    identifier: str
    windows_app_id: str
    summary: str
    publisher: str
    licence: str


@lru_cache(maxsize=1)
def facts() -> Facts:
    """Return what ``pyproject.toml`` and the package say."""
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project, own = whole["project"], whole["tool"][PROGRAM]
    package = (ROOT / whole["tool"]["hatch"]["version"]["path"]).read_text(encoding="utf-8")
    version = re.search(r'^__version__ = "(.+)"$', package, re.MULTILINE)
    if version is None:
        raise Stop("optty_desktop/__init__.py names no version.")
    return Facts(
        name=own["name"],
        version=version.group(1),
        identifier=own["identifier"],
        windows_app_id=own["windows-app-id"],
        summary=project["description"].rstrip("."),
        publisher=project["authors"][0]["name"],
        licence=project["license"],
    )


def source_time() -> int:
    """Return the second that everything built carries: SOURCE_DATE_EPOCH, or that of the last commit."""
    given = os.environ.get("SOURCE_DATE_EPOCH") or output_of(["git", "-C", ROOT, "log", "-1", "--format=%ct"]).strip()
    return int(given) if given.isdecimal() else _START_OF_TIME


def file_stem(program: Program = TILL) -> str:
    """Return how the files of this version of a program for this system are called."""
    return f"{program.name}-{facts().version}-{system_name()}"


def system_name() -> str:
    """Return the system and processor that a bundle made here runs on, as its file names say it."""
    system = {"linux": "linux", "darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
    return f"{system}-{platform.machine().lower()}"
