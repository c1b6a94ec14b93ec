"""Whether the packages work on other computers: installed and run where there is neither Python nor Qt.

Where no bare system can be made, the archive is unpacked and run here, and what that leaves open is said.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bare_root import HOME, BareRoot, why_not
from facts import PROGRAM
from processes import Stop, child_environment
from releases import Release

INSTALLED = f"/opt/{PROGRAM}"
UNPACKED = "/srv/unpacked"
PASSED = "steps held"

Check = tuple[str, bool, str]
"""What was looked at, whether it holds, and what to print where it does not."""


def try_out(release: Release) -> int:
    """Run the packages; print what held and what could not be tried. Returns the exit code."""
    reason = why_not()
    if release.deb is None or reason:
        print(f"Not tried on a bare system: {reason or 'there is no package for one'}.")
        print("Not tried: a computer without Python and Qt, installing and removing the package, a read-only folder.")
        return _try_here(release)
    root = BareRoot()
    try:
        return _report(_on_bare_system(root, release.deb, release.archive))
    finally:
        root.close()


def _report(checks: Iterator[Check]) -> int:
    """Print each check as it comes; what a failed one said goes to standard error."""
    failed = 0
    for name, holds, said in checks:
        print(f"{'ok ' if holds else 'NO '} {name}", flush=True)
        if not holds:
            failed += 1
            print(said[-2000:], file=sys.stderr)
    return 1 if failed else 0


def _on_bare_system(root: BareRoot, deb: Path, archive: Path) -> Iterator[Check]:
    found = root.administer(
        "sh", "-c", "command -v python3 python; find / -xdev -name 'libQt*' -o -xdev -name 'libpython*'"
    )
    yield "the bare system has neither Python nor Qt", not found.stdout.strip(), found.stdout
    shutil.copy(deb, root.path / "app.deb")
    root.administer("apt-get", "update", "-q")
    installed = root.administer("apt-get", "install", "-q", "-y", "--no-install-recommends", "/app.deb")
    yield "the package installs, and asks nothing", installed.returncode == 0, installed.stdout + installed.stderr
    with _screen() as (sockets, display):
        yield from _runs(root, INSTALLED, [f"/usr/bin/{PROGRAM}"], sockets, display)
        yield _keeps_a_journal(root, sockets)
        removed = root.administer("apt-get", "purge", "-q", "-y", PROGRAM)
        left = root.administer("find", "/opt", "/usr", "-name", f"*{PROGRAM}*").stdout
        holds = removed.returncode == 0 and not left.strip()
        yield "the package is removed without a rest, and asks nothing", holds, removed.stderr + left
        yield "the person's journal is still there", _journals(root) > 0, "no journal in the home folder"
        shutil.unpack_archive(archive, root.path / UNPACKED.lstrip("/"))
        folder = next((root.path / UNPACKED.lstrip("/")).iterdir())
        program = f"{UNPACKED}/{folder.name}/{PROGRAM}"
        yield from _runs(root, UNPACKED, [program], sockets, display)


def _runs(root: BareRoot, folder: str, program: list[str], sockets: Path, display: str) -> Iterator[Check]:
    """Run the self-test from ``folder``, without a screen and on one."""
    place = f"from {folder}, read-only, by a person without rights, no network"
    said = root.run(folder, sockets, [*program, "self-test"])
    yield f"self-test without a display, {place}", PASSED in said.stdout, said.stdout + said.stderr
    if not display:
        print("Not tried on a display: Xvfb is not on this computer.")
        return
    said = root.run(folder, sockets, [*program, "self-test"], DISPLAY=display, LANG="C.UTF-8")
    yield f"self-test on a display, {place}", PASSED in said.stdout, said.stdout + said.stderr


def _keeps_a_journal(root: BareRoot, sockets: Path) -> Check:
    """Open the window in training for some seconds, as a person would, and end it with a signal."""
    start = ["timeout", "--preserve-status", "-s", "TERM", "12", PROGRAM, "--training"]
    said = root.run(INSTALLED, sockets, start, QT_QPA_PLATFORM="offscreen")
    holds = said.returncode == 0 and _journals(root) > 0
    return f"the window writes its journal below {HOME}", holds, said.stderr


def _journals(root: BareRoot) -> int:
    return len([path for path in root.home.rglob("journals/*") if path.is_file()])


@contextmanager
def _screen() -> Iterator[tuple[Path, str]]:
    """Yield a folder with the socket of an X server, and its display; no display where there is no Xvfb."""
    with tempfile.TemporaryDirectory() as folder:
        if not shutil.which("Xvfb"):
            yield Path(folder), ""
            return
        command = ["Xvfb", "-displayfd", "1", "-ac", "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            try:
                number = server.stdout.readline().strip() if server.stdout else ""
                yield Path("/tmp/.X11-unix"), f":{number}" if number else ""  # noqa: S108  X keeps its sockets there
            finally:
                server.terminate()


def _try_here(release: Release) -> int:
    """Unpack the archive beside a home of its own and run the self-test from there."""
    with tempfile.TemporaryDirectory(prefix="optty-trial-") as name:
        base = Path(name)
        shutil.unpack_archive(release.archive, base)
        program = next(base.glob(f"*/{PROGRAM}"), None) or next(base.glob(f"*/{PROGRAM}.exe"), None)
        if program is None:
            raise Stop("The archive holds no program.")
        home = base / "Žofie 店"
        home.mkdir()
        places = {"HOME": str(home), "USERPROFILE": str(home), "XDG_RUNTIME_DIR": str(home)}
        quiet = child_environment(os.environ, QT_QPA_PLATFORM="offscreen", **places)
        said = subprocess.run(
            [str(program), "self-test"], env=quiet, cwd=base, capture_output=True, text=True, check=False
        )
        return _report(iter([("self-test from the archive, here", PASSED in said.stdout, said.stdout + said.stderr)]))
