"""The change log for staff, read from its Markdown in the form of Keep a Changelog: what came with which version."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from optty_desktop.core.release_numbers import ReleaseNumber

_RELEASE: Final = re.compile(r"## \[(?P<number>[0-9.]+)\](?: - (?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}))?")
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of one kind; ``kind`` is the heading of the file, such as "Added". Entries are plain sentences."""

    kind: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """One version that was handed on."""

    number: ReleaseNumber
    changes: tuple[Changes, ...]


def read_change_log(text: str) -> tuple[Release, ...]:
    """Return the versions of the change log, newest first. What has no number yet is not there."""
    return tuple(sorted(_releases(text), key=lambda release: release.number, reverse=True))


def came_between(history: Sequence[Release], before: ReleaseNumber, now: ReleaseNumber) -> tuple[Release, ...]:
    """Return the versions after ``before``, as far as ``now``."""
    return tuple(release for release in history if before < release.number <= now)


def _releases(text: str) -> Iterator[Release]:
    # A heading that is no version, such as that for what comes next, ends the one before it.
    for part in re.split(r"^(?=## )", text, flags=re.MULTILINE):
        heading, _, body = part.partition("\n")
        match = _RELEASE.fullmatch(heading.strip())
        if match is None:
            continue
        try:
            yield Release(ReleaseNumber.parse(match["number"]), tuple(_changes(body)))
        except ValueError:
            continue


def _changes(body: str) -> Iterator[Changes]:
    for part in re.split(r"^### ", body, flags=re.MULTILINE)[1:]:
        kind, _, entries = part.partition("\n")
        found = tuple(_plain(entry) for entry in re.split(r"^- ", entries, flags=re.MULTILINE)[1:])
        if found:
            yield Changes(kind.strip(), found)


def _plain(entry: str) -> str:
    """Return an entry without line breaks and marks."""
    words = " ".join(entry.split())
    return _LINK.sub(r"\1", words).replace("`", "").replace("**", "")
