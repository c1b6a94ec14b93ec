"""Newer versions of this program: what the shop's administrator announces, and when that may be believed.

An announcement is signed. It never brings words: the window says a version number in words of its own, and nothing is
ever installed by the program itself.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from optty_desktop.core.errors import AppError
from optty_desktop.core.release_numbers import ReleaseNumber

_CLOCKS_DIFFER: Final = timedelta(days=1)


class UpdateMode(StrEnum):
    """Whether staff are told of a newer version."""

    OFF = "off"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Updates:
    """Where versions are announced (an https address), and the key that signs that, in Base64; empty with ``OFF``."""

    mode: UpdateMode
    manifest_url: str = ""
    public_key: str = ""


class UpdateFlaw(StrEnum):
    """Why an announcement or a package is not taken."""

    NOT_THERE = "not_there"
    TOO_LARGE = "too_large"
    NOT_SIGNED = "not_signed"
    UNREADABLE = "unreadable"
    EXPIRED = "expired"
    REPLAYED = "replayed"
    """One with a higher number was seen before: somebody shows an old one again."""
    FROM_LATER = "from_later"
    """Its number is of a moment that has not come: believed, it would shut every later one out."""
    OTHER_PROGRAM = "other_program"
    NO_PACKAGE = "no_package"
    WRONG_SIZE = "wrong_size"
    WRONG_SUM = "wrong_sum"


class UpdateRefused(AppError):
    """An announcement or a package is not what it should be; nothing of it is kept."""

    def __init__(self, flaw: UpdateFlaw) -> None:
        super().__init__(f"update refused: {flaw}")
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Package:
    """One file of a version. ``size`` is in bytes, ``sha256`` in small hexadecimal digits.

    ``platform`` is a system and its processor, such as ``linux-x86_64``. ``file`` is a plain name, never a path.
    ``announcement`` is the signed text that names it, whole, so that it can be believed again later.
    """

    platform: str
    file: str
    size: int
    sha256: str
    announcement: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Manifest:
    """One announcement, its signature checked.

    ``sequence`` grows with every one that is signed: it is the second of that, counted from 1970, or a lower number.
    """

    version: ReleaseNumber
    released: date
    sequence: int
    expires: datetime
    packages: tuple[Package, ...]

    def holds(self, now: datetime) -> bool:
        """Tell whether it may be believed at ``now`` (UTC)."""
        return now < self.expires

    def check(self, now: datetime, newest_sequence: int) -> None:
        """Raise UpdateRefused when it holds no longer at ``now`` (UTC), or its number is not of its time."""
        if not self.holds(now):
            raise UpdateRefused(UpdateFlaw.EXPIRED)
        if self.sequence > (now + _CLOCKS_DIFFER).timestamp():
            raise UpdateRefused(UpdateFlaw.FROM_LATER)
        if self.sequence < newest_sequence:
            raise UpdateRefused(UpdateFlaw.REPLAYED)

    def package(self, platform: str, ending: str) -> Package:
        """Return the file for a platform with that end of its name. Raises UpdateRefused where there is none."""
        for one in self.packages:
            if one.platform == platform and one.file.endswith(ending):
                return one
        raise UpdateRefused(UpdateFlaw.NO_PACKAGE)
