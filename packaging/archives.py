"""A folder as one file that is the same whenever and by whomever it is packed."""

from __future__ import annotations

import lzma
import platform
import tarfile
from pathlib import Path


def tarball(folder: Path, top: str, target: Path, time: int) -> Path:
    """Pack ``folder`` as ``top`` into the .tar.xz ``target``: sorted, of root, all from the second ``time``."""

    def alike(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        entry.mtime = time
        entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
        return entry

    with (
        lzma.open(target, "wb", filters=filters(platform.machine())) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in [folder, *sorted(folder.rglob("*"))]:
            inside = Path(top, path.relative_to(folder))
            archive.add(path, arcname=inside.as_posix(), recursive=False, filter=alike)
    return target


def filters(machine: str) -> list[dict[str, int]]:
    """Return how xz packs programs of that processor; its filter for x86 saves a tenth, and unpacks everywhere."""
    press = {"id": lzma.FILTER_LZMA2, "preset": 6}
    first = [{"id": lzma.FILTER_X86}] if machine == "x86_64" else []
    return [*first, press]
