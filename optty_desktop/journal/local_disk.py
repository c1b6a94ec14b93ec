"""The journal lies on a disk of this computer: locks and flushes of network file systems cannot be relied on."""

import re
import sys
from pathlib import Path
from typing import Final

from optty_desktop.core.errors import JournalOnNetwork

MOUNTS: Final = Path("/proc/self/mounts")

_OF_THE_NETWORK: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs"}
    | {"fuse.rclone", "fuse.s3fs", "davfs", "fuse.davfs2", "virtiofs", "lustre", "ncpfs", "coda"}
)
_ESCAPE: Final = re.compile(r"\\([0-7]{3})")


def refuse_network(folder: Path, mounts: Path = MOUNTS) -> None:
    """Raise JournalOnNetwork where the system says that ``folder`` is on a network file system.

    ``mounts`` is the kernel's list of mounts. Only Linux has one; elsewhere, and without it, nothing is refused.
    """
    if not sys.platform.startswith("linux"):
        return
    try:
        text = mounts.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return
    kind = file_system_of(folder.resolve(), text)
    if kind in _OF_THE_NETWORK:
        raise JournalOnNetwork("the journal folder is on a network file system", details={"file_system": kind})


def file_system_of(path: Path, mounts: str) -> str:
    """Return the kind of file system that holds ``path``, as a list of mounts (proc_pid_mounts(5)) names it.

    ``path`` is absolute and without links. Of two mounts on one place the later one counts. Empty when none fits.
    """
    found, depth = "", -1
    for line in mounts.splitlines():
        _device, place, kind, *_rest = (*line.split(" "), "", "")
        mounted = Path(_ESCAPE.sub(lambda match: chr(int(match.group(1), 8)), place))
        if path.is_relative_to(mounted) and len(mounted.parts) >= depth:
            found, depth = kind, len(mounted.parts)
    return found
