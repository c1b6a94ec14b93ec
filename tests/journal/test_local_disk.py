"""A journal on a network file system is refused where the system tells."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from optty_desktop.core.errors import JournalOnNetwork
from optty_desktop.journal import opening
from optty_desktop.journal.journal import SqliteJournal
from optty_desktop.journal.local_disk import file_system_of, refuse_network
from tests.journal.places import contents

MOUNTS = r"""/dev/sda1 / ext4 rw,relatime 0 0
server:/home /home nfs4 rw,vers=4.2 0 0
/dev/sdb1 /home/ann/local xfs rw 0 0
//server/till /mnt/the\040till cifs rw 0 0
till@server: /mnt/far fuse.sshfs rw 0 0
/dev/sdc1 /over ext4 rw 0 0
share /over 9p rw 0 0
broken line
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "ext4"),
        ("/var/lib", "ext4"),
        ("/home/ann", "nfs4"),
        ("/homes", "ext4"),
        ("/home/ann/local/journals", "xfs"),
        ("/mnt/the till/journals", "cifs"),
        ("/mnt/far", "fuse.sshfs"),
        ("/over/it", "9p"),
    ],
)
def test_the_deepest_and_latest_mount_counts(path: str, kind: str) -> None:
    assert file_system_of(Path(path), MOUNTS) == kind


def test_of_no_mounts_nothing_is_known() -> None:
    assert file_system_of(Path("/home"), "") == ""


def mounts_with(folder: Path, kind: str) -> Path:
    path = folder / "mounts"
    place = str(folder.resolve()).replace(" ", r"\040")
    path.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/x {place} {kind} rw 0 0\n", encoding="utf-8")
    return path


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the list of mounts of Linux")
@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs"])
def test_a_folder_on_the_network_is_refused(tmp_path: Path, kind: str) -> None:
    folder, link = tmp_path / "far", tmp_path / "link"
    folder.mkdir()
    mounts = mounts_with(folder, kind)
    with pytest.raises(JournalOnNetwork) as caught:
        refuse_network(folder, mounts)
    assert caught.value.details == {"file_system": kind}
    link.symlink_to(folder)
    with pytest.raises(JournalOnNetwork):
        refuse_network(link, mounts)


@pytest.mark.parametrize("kind", ["ext4", "btrfs", "tmpfs", "fuseblk"])
def test_a_folder_on_a_disk_is_taken(tmp_path: Path, kind: str) -> None:
    refuse_network(tmp_path, mounts_with(tmp_path, kind))
    refuse_network(tmp_path, tmp_path / "no list")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the list of mounts of Linux")
async def test_no_journal_is_made_on_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "journals"
    folder.mkdir()
    mounts = mounts_with(tmp_path, "cifs")
    monkeypatch.setattr(opening, "refuse_network", lambda place: refuse_network(place, mounts))
    with pytest.raises(JournalOnNetwork):
        await SqliteJournal.open(folder, "training")
    assert contents(folder) == {}
