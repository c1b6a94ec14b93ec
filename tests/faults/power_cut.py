"""A disk that forgets at a power cut what was not flushed: all of it, all but a beginning, or any part of it.

Every call is kept in a log together with what was acknowledged meanwhile. A cut can then be made at any entry, as often
as one likes: what was flushed by then is there, and of the rest as much as the cut leaves.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from tests.faults.disk_below import Disk

SECTOR = 512


class Left(Enum):
    """What a cut leaves of the calls that were not flushed."""

    NONE = auto()
    PREFIX = auto()
    SUBSET = auto()
    TORN = auto()
    """Any part, and of each write any of its sectors."""


@dataclass(frozen=True, slots=True)
class Opened:
    path: str
    creates: bool


@dataclass(frozen=True, slots=True)
class Written:
    path: str
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncated:
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Synced:
    path: str


@dataclass(frozen=True, slots=True)
class Deleted:
    path: str
    syncs_folder: bool


@dataclass(frozen=True, slots=True)
class Acknowledged:
    what: str


Entry = Opened | Written | Truncated | Synced | Deleted | Acknowledged
Change = Written | Truncated


class LoggingDisk(Disk):
    """Keeps the log."""

    def __init__(self) -> None:
        self.log: list[Entry] = []

    def opening(self, path: str, *, creates: bool) -> None:
        self.log.append(Opened(path, creates))

    def writing(self, path: str, offset: int, data: bytes) -> None:
        self.log.append(Written(path, offset, data))

    def truncating(self, path: str, size: int) -> None:
        self.log.append(Truncated(path, size))

    def syncing(self, path: str) -> None:
        self.log.append(Synced(path))

    def deleting(self, path: str, *, syncs_folder: bool) -> None:
        self.log.append(Deleted(path, syncs_folder))

    def acknowledge(self, what: str) -> None:
        """Note that the program was told that ``what`` is durable."""
        self.log.append(Acknowledged(what))


@dataclass
class _Content:
    """One file below its name: what is durable of it, and the calls since, in order."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, Change]] = field(default_factory=list)
    is_new: bool = True


class Drive:
    """What a disk holds after some entries of the log, and what of that a cut would leave.

    Names are of the folder, contents of the files: a removed name is back after a cut unless the folder was flushed.
    SQLite flushes the folder with the first flush of a log it has created.
    """

    def __init__(self, existing: Iterable[str]) -> None:
        """Begin with empty files of these names."""
        self._names = {name: _Content(is_new=False) for name in existing}
        self._durable_names = dict(self._names)
        self._count = 0
        self.acknowledged: set[str] = set()

    def go_on(self, entries: Iterable[Entry]) -> None:
        """Let the next entries happen."""
        for entry in entries:
            self._count += 1
            self._take(entry)

    def _take(self, entry: Entry) -> None:
        match entry:
            case Acknowledged():
                self.acknowledged.add(entry.what)
            case Opened():
                if entry.creates:
                    self._names[entry.path] = _Content()
            case Written() | Truncated():
                self._names[entry.path].pending.append((self._count, entry))
            case Synced():
                self._sync(self._names[entry.path])
            case Deleted():
                self._names.pop(entry.path, None)
                if entry.syncs_folder:
                    self._durable_names = dict(self._names)

    def _sync(self, content: _Content) -> None:
        for _, change in content.pending:
            _apply(content.durable, change)
        content.pending.clear()
        if content.is_new:
            content.is_new = False
            self._durable_names = dict(self._names)

    def after_cut(self, left: Left, chance: random.Random) -> dict[str, bytes]:
        """Return the files that are there when the power is back."""
        names = self._durable_names if left is Left.NONE or chance.random() < 0.5 else self._names
        contents = {id(content): content for content in names.values()}
        every = sorted(count for content in contents.values() for count, _ in content.pending)
        kept = _kept(every, left, chance)
        files: dict[str, bytes] = {}
        for name, content in names.items():
            data = bytearray(content.durable)
            for count, change in content.pending:
                if count in kept:
                    for part in _parts(change, left, chance):
                        _apply(data, part)
            files[name] = bytes(data)
        return files


def _kept(every: list[int], left: Left, chance: random.Random) -> Set[int]:
    if left is Left.NONE:
        return set()
    if left is Left.PREFIX:
        return set(every[: chance.randint(0, len(every))])
    return {count for count in every if chance.random() < 0.5}


def _parts(change: Change, left: Left, chance: random.Random) -> Iterator[Change]:
    if left is not Left.TORN or isinstance(change, Truncated):
        yield change
        return
    for start in range(0, len(change.data), SECTOR):
        if chance.random() < 0.5:
            yield Written(change.path, change.offset + start, change.data[start : start + SECTOR])


def _apply(data: bytearray, change: Change) -> None:
    match change:
        case Written():
            end = change.offset + len(change.data)
            if len(data) < change.offset:
                data.extend(bytes(change.offset - len(data)))
            data[change.offset : end] = change.data
        case Truncated():
            del data[change.size :]
            data.extend(bytes(change.size - len(data)))


def put_down(files: dict[str, bytes], folder: Path) -> None:
    """Write the files of a drive into another folder, without the shared memory that no cut leaves."""
    for name, data in files.items():
        if not name.endswith("-shm"):
            (folder / Path(name).name).write_bytes(data)
