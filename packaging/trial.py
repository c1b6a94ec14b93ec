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
from facts import PROGRAM, RELAY
from processes import Stop, child_environment
from relay_trial import Check, relay_here, relay_on_bare_system
from releases import Release

INSTALLED = f"/opt/{PROGRAM}"
UNPACKED = "/srv/unpacked"
PASSED = "steps held"
UNTIL_A_JOURNAL = f"""
{PROGRAM} --training &
for second in $(seq 90); do
    sleep 1
    ls "$HOME/.local/share/{PROGRAM}/journals" 2>/dev/null | grep -q . && break
done
sleep 2
kill -TERM $! && wait $!
"""


def try_out(release: Release, relay: Release | None) -> int:
    """Run the packages; print what held and what could not be tried. Returns the exit code."""
    reason = why_not()
    if release.deb is None or reason:
        print(f"Not tried on a bare system: {reason or 'there is no package for one'}.")
        print("Not tried: a computer without Python and Qt, installing and removing the package, a read-only folder.")
        return _report(_here(release, relay))
    root = BareRoot()
    try:
        return _report(_on_bare_system(root, release.deb, release.archive, relay))
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


def _on_bare_system(root: BareRoot, deb: Path, archive: Path, relay: Release | None) -> Iterator[Check]:
    found = root.administer(
        "sh", "-c", "command -v python3 python; find / -xdev -name 'libQt*' -o -xdev -name 'libpython*'"
    )
    yield "the bare system has neither Python nor Qt", not found.stdout.strip(), found.stdout
    shutil.copy(deb, root.path / "app.deb")
    root.administer("apt-get", "update", "-q")
    installed = root.administer("apt-get", "install", "-q", "-y", "--no-install-recommends", "/app.deb")
    yield "the package installs, and asks nothing", installed.returncode == 0, installed.stdout + installed.stderr
    yield _without_the_relay(root)
    with _screen() as (sockets, display):
        yield from _runs(root, INSTALLED, [f"/usr/bin/{PROGRAM}"], sockets, display)
        yield _keeps_a_journal(root, sockets)
        yield from _is_removed(root, "remove")
        root.administer("apt-get", "install", "-q", "-y", "--no-install-recommends", "/app.deb")
        yield from _is_removed(root, "purge")
        shutil.unpack_archive(archive, root.path / UNPACKED.lstrip("/"))
        folder = next((root.path / UNPACKED.lstrip("/")).iterdir())
        program = f"{UNPACKED}/{folder.name}/{PROGRAM}"
        yield from _runs(root, UNPACKED, [program], sockets, display)
    if relay is not None and relay.deb is not None:
        yield from relay_on_bare_system(root, relay.deb)


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


def _is_removed(root: BareRoot, how: str) -> Iterator[Check]:
    """Remove the package as apt-get's ``how`` does, and look at what is left of the program and of the person."""
    before = _journals(root)
    removed = root.administer("apt-get", how, "-q", "-y", PROGRAM)
    left = root.administer("find", "/opt", "/usr", "/etc", "-name", f"*{PROGRAM}*").stdout
    holds = removed.returncode == 0 and not left.strip()
    yield f"apt-get {how} leaves nothing of the program, and asks nothing", holds, removed.stderr + left
    is_there = bool(before) and _journals(root) == before
    yield f"after apt-get {how} the person's journal is what it was", is_there, "the journal is another, or gone"


def _without_the_relay(root: BareRoot) -> Check:
    """A till carries no server: the command says where it is."""
    said = root.administer(f"/usr/bin/{PROGRAM}", "relay", "--config", "relay.toml")
    holds = said.returncode == 1 and RELAY in said.stderr and not (root.path / "usr" / "bin" / RELAY).exists()
    return "the desktop program carries no relay, and says where it is", holds, said.stdout + said.stderr


def _keeps_a_journal(root: BareRoot, sockets: Path) -> Check:
    """Open the window in training until it has a journal, as a person would, and end it with a signal."""
    said = root.run(INSTALLED, sockets, ["sh", "-c", UNTIL_A_JOURNAL], QT_QPA_PLATFORM="offscreen")
    holds = said.returncode == 0 and bool(_journals(root))
    return f"the window writes its journal below {HOME}", holds, said.stderr


def _journals(root: BareRoot) -> dict[str, bytes]:
    """Return the person's journals, by their names."""
    return {path.name: path.read_bytes() for path in root.home.rglob("journals/*") if path.is_file()}


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


def _here(release: Release, relay: Release | None) -> Iterator[Check]:
    """Unpack the archives beside a home of its own and run what is in them."""
    with tempfile.TemporaryDirectory(prefix="optty-trial-") as name:
        base = Path(name)
        program = _unpacked(release, base)
        home = base / "Žofie 店"
        home.mkdir()
        places = {"HOME": str(home), "USERPROFILE": str(home), "XDG_RUNTIME_DIR": str(home)}
        quiet = child_environment(os.environ, QT_QPA_PLATFORM="offscreen", **places)
        said = subprocess.run(
            [str(program), "self-test"], env=quiet, cwd=base, capture_output=True, text=True, check=False
        )
        yield "self-test from the archive, here", PASSED in said.stdout, said.stdout + said.stderr
        if relay is not None:
            yield from relay_here(_unpacked(relay, base), base)


def _unpacked(release: Release, base: Path) -> Path:
    """Return the program of the archive, unpacked below ``base``. Raises Stop where there is none."""
    shutil.unpack_archive(release.archive, base)
    name = release.program.name
    program = next(base.glob(f"*/{name}"), None) or next(base.glob(f"*/{name}.exe"), None)
    if program is None:
        raise Stop("The archive holds no program.")
    return program
