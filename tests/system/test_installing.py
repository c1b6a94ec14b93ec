"""The command for an administrator: what is installed is what was signed, whatever happens to the till's own folder."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from optty_desktop.system.installing import installing

PACKAGE = b"the package that was signed"
SUM = hashlib.sha256(PACKAGE).hexdigest()
NAME = "optty-desktop-9.1.0-linux-x86_64.deb"


class Computer:
    """A Linux computer whose ``apt-get`` only keeps what it is given, and the folder of the till on it."""

    def __init__(self, folder: Path) -> None:
        self.package = folder / "the till's folder" / NAME
        self.package.parent.mkdir()
        self.package.write_bytes(PACKAGE)
        self.package.chmod(0o600)
        self.installed, self.asked = folder / "installed", folder / "asked"
        self._tools = folder / "tools"
        self._tools.mkdir()
        self._tool("sudo", 'exec "$@"')
        self._tool("apt-get", f'echo "$@" > {self.asked}; for last; do :; done; cp "$last" {self.installed}')

    def _tool(self, name: str, text: str) -> None:
        file = self._tools / name
        file.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        file.chmod(0o755)

    def carry_out(self, command: str) -> tuple[int, str]:
        """Type the command; return its exit code and all it said."""
        environment = os.environ | {"PATH": f"{self._tools}:{os.environ['PATH']}", "TMPDIR": str(self.package.parent)}
        done = subprocess.run(["/bin/sh", "-c", command], env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def copy(self) -> Path:
        """The file that ``apt-get`` was given."""
        return Path(self.asked.read_text(encoding="utf-8").split()[-1])


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    if not Path("/usr/bin/sha256sum").exists():
        pytest.skip("the command for .deb packages wants the tools of Linux")
    return Computer(tmp_path)


def test_a_copy_of_the_signed_package_is_installed_and_then_removed(computer: Computer) -> None:
    code, said = computer.carry_out(installing(computer.package, SUM))
    assert (code, computer.installed.read_bytes()) == (0, PACKAGE), said
    assert computer.asked.read_text(encoding="utf-8").startswith("install -y --allow-downgrades /")
    copy = computer.copy()
    assert computer.package.parent not in copy.parents, "also where the till's account says where copies go"
    assert (copy.name, copy.parent.exists(), computer.package.exists()) == (NAME, False, True)


def test_a_package_that_was_changed_after_it_was_checked_is_not_installed(computer: Computer) -> None:
    command = installing(computer.package, SUM)
    computer.package.write_bytes(PACKAGE + b"?")
    code, said = computer.carry_out(command)
    assert code != 0
    assert "FAILED" in said
    assert not computer.asked.exists()


def test_a_package_that_is_gone_is_not_installed(computer: Computer) -> None:
    command = installing(computer.package, SUM)
    computer.package.unlink()
    assert computer.carry_out(command)[0] != 0
    assert not computer.asked.exists()


def test_the_command_of_windows_checks_a_copy_among_the_programs() -> None:
    package = Path("C:/Users/O'Hara/updates/optty-desktop-9.1.0-windows-setup.exe")
    command = installing(package, SUM)
    steps = ["'ProgramFiles'", "Copy-Item", f"-ne '{SUM}'", "throw", "Start-Process $copy", "Remove-Item"]
    places = [command.index(step) for step in steps]
    assert places == sorted(places)
    assert "O''Hara" in command
    assert "\n" not in command


@pytest.mark.parametrize("name", ["optty-desktop-9.1.0-macos-arm64.dmg", "optty-desktop-9.1.0-linux-x86_64.tar.xz"])
def test_there_is_no_command_for_what_is_put_in_place_by_hand(name: str) -> None:
    assert installing(Path("/updates") / name, SUM) == ""
