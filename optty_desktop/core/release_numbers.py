"""The number of a version of this program, in order: 0.10.0 comes after 0.9.1."""

import re
from typing import Final, NamedTuple, Self

_NUMBER: Final = re.compile(r"(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})")


class ReleaseNumber(NamedTuple):
    """Three numbers, compared from the first to the last. ``str()`` is how people read it."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the number in ``text``, which holds nothing else. Raises ValueError."""
        match = _NUMBER.fullmatch(text)
        if match is None:
            raise ValueError("a version is three numbers such as 1.2.3")
        return cls(*(int(part) for part in match.groups()))

    def __str__(self) -> str:
        """Return it as it is written."""
        return f"{self.major}.{self.minor}.{self.patch}"
