"""The list of what an address at webhook.site has caught: what a page holds, and which page to ask for next.

The list knows seconds only, so a cursor is looked for among the requests of its second: what stands before it was taken
already. Whoever knows the address can send a thousand in one second, or bodies that make a page larger than any answer
may be; neither must keep what comes behind from being seen.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from optty_desktop.core.errors import OutcomeUnknown, Trouble

PAGE_LENGTH: Final = 64
"""Requests on a page, a power of two: halves of a page then begin where a page of their own length does."""

_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME: Final = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Caught:
    """One request that was caught: its id, when (UTC), and its body."""

    id: str
    at: datetime
    body: str

    @property
    def second(self) -> str:
        """When, as webhook.site writes it."""
        return f"{self.at:{_TIME}}"

    @property
    def place(self) -> str:
        """As a cursor."""
        return f"{self.second} {self.id}"


@dataclass(frozen=True, slots=True)
class Page:
    """The requests of a page that can be read, how many the whole list has, and whether its end is on this page."""

    caught: Sequence[Caught]
    total: int
    is_last: bool


class Walk:
    """The way through the list from the second of ``cursor`` on, or from its beginning.

    Ask for page ``number`` of ``length`` behind ``since``; then say what came back, by ``seen`` or ``too_large``.
    ``is_at_end``: there is nothing more for now. What comes later stands on the page that is next then.
    """

    def __init__(self, cursor: str | None) -> None:
        self.cursor = cursor
        self.since = second_of(cursor)
        self.is_at_end = False
        self._begin(is_behind=cursor is None)

    def _begin(self, *, is_behind: bool) -> None:
        """Go to the first page. ``is_behind``: whatever is met from there on is new."""
        self._offset, self._total, self._is_behind = 0, 0, is_behind
        self._longest = PAGE_LENGTH

    @property
    def length(self) -> int:
        """The longest page that may be asked for and begins where the walk stands."""
        return min(self._longest, self._offset & -self._offset or PAGE_LENGTH)

    @property
    def number(self) -> int:
        """Of that page, from 1."""
        return self._offset // self.length + 1

    def too_large(self) -> None:
        """Ask for half of it. One request that is too large alone is no notice, and is passed over."""
        if self.length > 1:
            self._longest = self.length // 2
        else:
            self._offset += 1

    def seen(self, page: Page) -> Sequence[Caught]:
        """Return what is new on the page that was asked for, and go on behind it."""
        length, self._longest = self.length, min(PAGE_LENGTH, 2 * self._longest)
        self.is_at_end = False
        if page.total < max(self._total, self._offset):
            self._begin(is_behind=self.cursor is None)  # some were deleted, so every page begins elsewhere
            return ()
        new = self._new(page)
        if new is None:
            self._begin(is_behind=True)
            return ()
        if new:
            self.cursor = new[-1].place
        self._total, self.is_at_end = page.total, page.is_last
        if not page.is_last:
            self._offset += length
        elif page.caught:
            self._is_behind = False  # this page is asked for again, perhaps in halves, and the cursor is on it
        return new

    def _new(self, page: Page) -> Sequence[Caught] | None:
        """Return what stands behind the cursor; None when its second is over and it was not met: it is deleted."""
        places = [one.place for one in page.caught]
        if self.cursor in places:
            self._is_behind = True
            return page.caught[places.index(self.cursor) + 1 :]
        if self._is_behind:
            return page.caught
        is_over = page.is_last or any(one.second != self.since for one in page.caught)
        return None if is_over else ()


def second_of(cursor: str | None) -> str | None:
    """Return the second in a cursor."""
    return cursor.rpartition(" ")[0] if cursor is not None else None


def read_page(page: Mapping[str, object]) -> Page:
    """Return the page of an answer. A request that is not as documented is left out.

    Raises OutcomeUnknown for another answer, and where not one request is as documented.
    """
    data, total, is_last = page.get("data"), page.get("total"), page.get("is_last_page")
    if not isinstance(data, list) or not isinstance(is_last, bool):
        raise OutcomeUnknown(Trouble.BAD_ANSWER)
    if isinstance(total, bool) or not isinstance(total, int):
        raise OutcomeUnknown(Trouble.BAD_ANSWER)
    caught = [one for item in data if (one := _caught(item)) is not None]
    if data and not caught:
        raise OutcomeUnknown(Trouble.BAD_ANSWER)
    return Page(caught, total, is_last or not data)


def _caught(item: object) -> Caught | None:
    if not isinstance(item, dict):
        return None
    name, created, content = item.get("uuid"), item.get("created_at"), item.get("content")
    if not isinstance(name, str) or not _ID.fullmatch(name) or not isinstance(created, str):
        return None
    try:
        at = datetime.strptime(created, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Caught(name, at, content if isinstance(content, str) else "")
