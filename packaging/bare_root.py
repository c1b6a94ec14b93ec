"""A root file system with neither Python nor Qt: the smallest Debian, and a person without rights in it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from processes import ROOT, Stop, child_environment, output_of
from system_packages import install_system_packages, is_root

WORK = ROOT / "build" / "bare-root"
HOME = "/home/Žofie Nováková 店"
"""Spaces, accents and another script: every path below it has them."""

PERSON = 1000
TOOLS = {"debootstrap": "debootstrap", "unshare": "util-linux", "ip": "iproute2"}
ENTER = ROOT / "packaging" / "linux" / "on_bare_root.sh"


Ended = subprocess.CompletedProcess[str]


def why_not() -> str:
    """Return why no bare system can be made here, as part of a sentence; nothing where it can."""
    if not is_root():
        return "only root may make one"
    if not shutil.which("apt-get"):
        return "that is done with Debian's tools"
    try:
        install_system_packages([package for tool, package in TOOLS.items() if not shutil.which(tool)])
    except Stop as stop:
        return str(stop).rstrip(".")
    entered = subprocess.run(["unshare", "--mount", "--net", "true"], capture_output=True, check=False)
    return "" if entered.returncode == 0 else "namespaces are not allowed here"


class BareRoot:
    """One fresh system in a folder; ``close`` removes it."""

    def __init__(self) -> None:
        """Copy the system that debootstrap made once. Raises Stop."""
        self.path = WORK / "trial"
        self.close()
        shutil.copytree(_smallest_debian(), self.path, symlinks=True, ignore=_no_devices)
        home = self.path / HOME.lstrip("/")
        for folder in (home, home / "run"):
            folder.mkdir(mode=0o700, parents=True)
            os.chown(folder, PERSON, PERSON)

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.path, ignore_errors=True)

    @property
    def home(self) -> Path:
        """The person's home folder, seen from outside."""
        return self.path / HOME.lstrip("/")

    def administer(self, *command: str) -> Ended:
        """Run a command as root inside, with this computer's network."""
        quiet = child_environment(os.environ, DEBIAN_FRONTEND="noninteractive", LC_ALL="C")
        return subprocess.run(
            ["chroot", str(self.path), *command], env=quiet, capture_output=True, text=True, check=False
        )

    def run(self, folder: str, sockets: Path, command: Sequence[str], **variables: str) -> Ended:
        """Run a command as the person inside, without network, with ``folder`` read-only."""
        own = {"HOME": HOME, "PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": f"{HOME}/run", **variables}
        clean = ["env", "-i", "--chdir=/", *(f"{name}={value}" for name, value in own.items())]
        alone = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child"]
        enter = [*alone, "sh", str(ENTER), str(self.path), f"{PERSON}:{PERSON}", folder, str(sockets), *clean, *command]
        return subprocess.run(enter, capture_output=True, text=True, timeout=240, check=False)

    def serve(self, user: str, folder: str, command: Sequence[str]) -> subprocess.Popen[str]:
        """Start a service as ``user``, with ``folder`` read-only, on this computer's network: its loopback is ours."""
        clean = ["env", "-i", "--chdir=/", "PATH=/usr/bin:/bin"]
        place = [str(self.path), f"{user}:{user}", folder, str(self.path / "mnt")]
        enter = ["unshare", "--mount", "sh", str(ENTER), *place, *clean, *command]
        return subprocess.Popen(enter, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _smallest_debian() -> Path:
    """Return the folder with the system, made on first use."""
    suite = output_of(["sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME"]).strip()
    made = WORK / suite
    if not made.is_dir():
        half = made.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        half.parent.mkdir(parents=True, exist_ok=True)
        print("Making the smallest Debian (once) …", flush=True)
        command = ["debootstrap", "--variant=minbase", suite, half]
        with (WORK / "debootstrap.log").open("w", encoding="utf-8") as log:
            code = subprocess.call([str(part) for part in command], stdout=log, stderr=log)
        if code:
            raise Stop("debootstrap could not make a system; build/bare-root/debootstrap.log says why.")
        half.rename(made)
    return made


def _no_devices(folder: str, names: list[str]) -> set[str]:
    return set(names) if Path(folder).name in {"dev", "proc"} else set()
