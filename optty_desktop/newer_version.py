"""What this till knows of its own versions: what changed with this one, and whether a newer one is ready."""

from functools import partial

from optty_desktop import __version__
from optty_desktop.api.transport import HttpTransport
from optty_desktop.api.update_channel import HttpUpdateChannel
from optty_desktop.api.update_manifest import read_manifest
from optty_desktop.core.change_log import Release, read_change_log
from optty_desktop.core.ports import Clock
from optty_desktop.core.release_numbers import ReleaseNumber
from optty_desktop.core.updates import UpdateMode, Updates
from optty_desktop.system.announcement_numbers import AnnouncementNumbers
from optty_desktop.system.paths import AppPaths
from optty_desktop.system.seen_version import SeenVersionFile
from optty_desktop.system.update_folder import UpdateFolder
from optty_desktop.till.look_for_update import LookForUpdate
from optty_desktop.till.whats_new import WhatsNew
from optty_desktop.ui.assets import change_log
from optty_desktop.ui.update_notice import UpdateNotice


def whats_new(paths: AppPaths) -> WhatsNew:
    """Return what tells people at this till what changed since it last ran."""
    return WhatsNew(past_releases, ReleaseNumber.parse(__version__), SeenVersionFile(paths.seen_version_file))


def past_releases() -> tuple[Release, ...]:
    """Return what came with each version as far as this one, newest first; nothing where that cannot be read."""
    try:
        history = read_change_log(change_log().read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return ()
    return tuple(release for release in history if release.number <= ReleaseNumber.parse(__version__))


def update_notice(
    paths: AppPaths, updates: Updates | None, transport: HttpTransport, clock: Clock
) -> UpdateNotice | None:
    """Return what looks for newer versions; None where the shop has not switched that on."""
    if updates is None or updates.mode is UpdateMode.OFF:
        return None
    return UpdateNotice(look_for_update(HttpUpdateChannel(transport, updates), updates, paths, clock))


def look_for_update(channel: HttpUpdateChannel, updates: Updates, paths: AppPaths, clock: Clock) -> LookForUpdate:
    """Return the verb that asks ``channel``, which is that of ``updates``, on behalf of this till."""
    memory = AnnouncementNumbers(paths.update_folder, updates)
    return LookForUpdate(channel, memory, clock, ReleaseNumber.parse(__version__))


def update_folder(paths: AppPaths, updates: Updates) -> UpdateFolder:
    """Return where packages wait; those that the key of ``updates`` has signed count."""
    return UpdateFolder(paths.update_folder, partial(read_manifest, public_key=updates.public_key))
