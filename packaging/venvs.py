"""Python environments with exactly what a lock file names: for running, for working, for building."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

from processes import Command, child_environment, must
from system_packages import install_system_packages

PIP_INSTALL = ("-m", "pip", "install", "-qq", "--disable-pip-version-check", "--compile")
"""Quiet, because pip's warnings are about the index settings of the machine, not about the libraries."""


def python_of(venv: Path) -> Path:
    """Return the interpreter inside ``venv``."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def script_of(venv: Path, name: str) -> Path:
    """Return the console program ``name`` inside ``venv``."""
    return python_of(venv).with_name(f"{name}.exe" if os.name == "nt" else name)


def make_venv(folder: Path) -> None:
    """Make an empty environment in ``folder``, in place of the one that may be there."""
    if importlib.util.find_spec("ensurepip") is None:
        install_system_packages([f"python{sys.version_info.major}.{sys.version_info.minor}-venv"])
    command: Command = [sys.executable, "-m", "venv", "--clear", folder]
    must(command, child_environment(os.environ), f"The folder {folder.name} could not be made.")


def install_lock(python: Path, lock_file: Path) -> None:
    """Install exactly what ``lock_file`` names, byte-compiled, into the environment of ``python``."""
    exact = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(lock_file)]
    sentence = "The libraries of the lock could not be installed."
    must([python, *PIP_INSTALL, *exact], child_environment(os.environ), sentence)
    unpack_shiboken(python)


def unpack_shiboken(python: Path) -> None:
    """Have shiboken write its support files out once, instead of compiling them from memory at every start.

    Saves about a seventh of the time that importing Qt takes.
    """
    environment = child_environment(os.environ, SBK_EMBED="0")
    must([python, "-c", "import PySide6.QtCore"], environment, "PySide6 was installed but cannot be loaded.")
