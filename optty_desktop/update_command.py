"""``optty-desktop update``: says whether a newer version is announced, and puts its package aside for an administrator.

It installs nothing. The package of the version before stays, so that it can be put back.
"""

import asyncio
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from optty_desktop import __version__
from optty_desktop.api.transport import HttpTransport
from optty_desktop.api.update_channel import HttpUpdateChannel
from optty_desktop.core.errors import AppError, ProfileProblem
from optty_desktop.core.network import NetworkSettings
from optty_desktop.core.updates import Package, UpdateFlaw, UpdateMode, UpdateRefused, Updates
from optty_desktop.desktop_proxy import desktop_proxy
from optty_desktop.newer_version import look_for_update, update_folder
from optty_desktop.shop_files import read_shop_files
from optty_desktop.system.clock import SystemClock
from optty_desktop.system.installing import installing
from optty_desktop.system.keychain import OsKeychain
from optty_desktop.system.paths import AppPaths
from optty_desktop.system.this_platform import package_ending, platform_name
from optty_desktop.system.update_folder import UpdateFolder
from optty_desktop.till.look_for_update import LookForUpdate, Staged, StageUpdate
from optty_desktop.way_out import WayOut

_FLAWS: Final = {
    UpdateFlaw.NOT_THERE: "The server has no such file: look at manifest_url, and whether the packages lie beside it.",
    UpdateFlaw.TOO_LARGE: "What the server sent is too large for an announcement: look at manifest_url.",
    UpdateFlaw.NOT_SIGNED: "The announcement is not signed with the key of this till: look at public_key.",
    UpdateFlaw.UNREADABLE: "The announcement cannot be read: make it anew with sign_manifest.py.",
    UpdateFlaw.EXPIRED: "The announcement holds no longer: sign a new one, or set the date of this computer right.",
    UpdateFlaw.REPLAYED: "The announcement is older than one this till has seen: the server shows an old one.",
    UpdateFlaw.FROM_LATER: "The announcement carries a later date than this computer: sign a new one, "
    "or set the date of this computer right.",
    UpdateFlaw.OTHER_PROGRAM: "The announcement is of another program: look at manifest_url.",
    UpdateFlaw.NO_PACKAGE: "The announcement names no package for this computer.",
    UpdateFlaw.WRONG_SIZE: "The package on the server has another size than announced. Nothing of it was kept.",
    UpdateFlaw.WRONG_SUM: "The package on the server is not the one announced. Nothing of it was kept.",
}


_BY_HAND: Final = "Copy it to where only an administrator may write, and compare the SHA-256 of that copy before use."
_NEWEST: Final = f"This is the newest version, {__version__}."


def run_update(*, stage: bool, paths: AppPaths | None = None, transport: HttpTransport | None = None) -> int:
    """Look, and fetch the package if ``stage``. Returns the exit code; failures are said on standard error."""
    paths = paths or AppPaths.of_this_person()
    try:
        files = read_shop_files(paths)
        updates = files.till.updates
        if updates is None or updates.mode is UpdateMode.OFF:
            return _complain(f"Looking for newer versions is not switched on: see [updates] in {paths.till_file}.")
        return asyncio.run(_update(paths, updates, transport or _transport(files.network, updates), stage=stage))
    except UpdateRefused as refused:
        return _complain(_FLAWS[refused.flaw])
    except ProfileProblem as problem:
        return _complain(str(problem))
    except AppError as problem:
        return _complain(f"The server did not give what was asked for ({problem}). Nothing was kept. Try again later.")
    except OSError as error:
        return _complain(f"The package cannot be kept in {paths.update_folder} ({error.strerror}). Free some room.")


async def _update(paths: AppPaths, updates: Updates, transport: HttpTransport, *, stage: bool) -> int:
    channel = HttpUpdateChannel(transport, updates)
    look = look_for_update(channel, updates, paths, SystemClock())
    try:
        lines = await (_staged(look, channel, update_folder(paths, updates)) if stage else _looked(look))
    finally:
        await transport.close()
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


async def _looked(look: LookForUpdate) -> Iterable[str]:
    manifest = await look()
    if manifest is None:
        return [_NEWEST]
    return [f"Version {manifest.version} of {manifest.released} is ready. Add --stage to fetch it."]


async def _staged(look: LookForUpdate, channel: HttpUpdateChannel, folder: UpdateFolder) -> Iterable[str]:
    staged = await StageUpdate(look, channel, folder)(platform_name(), package_ending())
    if staged is None:
        return [_NEWEST]
    previous = await folder.vouched(staged.previous) if staged.previous is not None else None
    return [*_told(staged), *_told_of_previous(staged.previous, previous)]


def _told(staged: Staged) -> Iterator[str]:
    yield f"Version {staged.manifest.version} is in {staged.package}"
    yield f"SHA-256 {staged.sha256}, as signed. It is not installed."
    if staged.package.suffix == ".exe":
        yield "The commands are for a PowerShell that was started as administrator."
    command = installing(staged.package, staged.sha256)
    yield f"Install it:    {command}" if command else _BY_HAND


def _told_of_previous(path: Path | None, package: Package | None) -> Iterator[str]:
    if path is None or package is None:
        yield f"The package of version {__version__} is not in this folder: have it at hand before you install."
    elif command := installing(path, package.sha256):
        yield f"Put back what was before:    {command}"
    else:
        yield f"To go back:    {path}    (SHA-256 {package.sha256}, as signed)"


def _transport(network: NetworkSettings, updates: Updates) -> HttpTransport:
    """The way out that the shop has set for all calls."""
    way_out = WayOut(network, OsKeychain(), partial(desktop_proxy, updates.manifest_url))
    return HttpTransport(f"optty-desktop/{__version__}", proxy=way_out.proxy, ssl_context=way_out.ssl_context)


def _complain(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1
