"""The links that are read by themselves, and when each of them is due."""

import math
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from optty_desktop.core.links import PaymentLink
from optty_desktop.till.hint_queue import SECONDS_BETWEEN_READS
from optty_desktop.till.read_pace import is_followed, seconds_between_reads
from optty_desktop.till.session import Session

DAY: Final = timedelta(hours=24)
_OVERDUE_SECONDS: Final = 3600.0
"""Longer than any pause between two reads of a link."""


class DueLinks:
    """Keeps itself by the book, and calls ``on_change`` when another link may be due. All times are monotonic seconds.

    ``is_live`` says whether hints arrive by themselves; then all but doubtful links are read less often.
    """

    def __init__(self, session: Session, on_change: Callable[[], None]) -> None:
        self._session, self._on_change = session, on_change
        self.is_live = False
        self._watched: str | None = None
        self._watched_since = 0.0
        self._read_at: dict[str, float] = {}
        self._asked_at: dict[str, float] = {}
        # Kept along with the book: looking through a hundred thousand links before each read would be felt.
        self._moving = {link.invoice_number: link for link in session.book if is_followed(link)}
        session.book.listen(self)

    @property
    def asked_at(self) -> Mapping[str, float]:
        """When each link was read last, by its own order or by one that a hint names."""
        return self._asked_at

    @property
    def has_links(self) -> bool:
        """Whether there is anything to read."""
        return bool(self._moving)

    @property
    def has_links_of_today(self) -> bool:
        """Whether a link that may still move was made within a day."""
        return any(map(self._is_of_today, self._moving.values()))

    @property
    def watched(self) -> PaymentLink | None:
        """The link on the screen, if it may still move."""
        return self._moving.get(self._watched) if self._watched is not None else None

    def watch(self, invoice_number: str | None) -> None:
        """Take this link as the one on the screen from now on."""
        if invoice_number != self._watched:
            self._watched, self._watched_since = invoice_number, self._session.clock.monotonic()

    def most_due(self, but: str | None = None) -> PaymentLink | None:
        """The link that should be read next, ``but`` not that one; None when there is no other."""
        links = (link for link in self._moving.values() if link.invoice_number != but)
        return min(links, key=self.due, default=None)

    def by_turn(self) -> list[PaymentLink]:
        """All links, those that were not read this moment first, and of these the most due one."""
        now = self._session.clock.monotonic()
        return sorted(self._moving.values(), key=lambda link: (self.rested_at(link) > now, self.due(link)))

    def due(self, link: PaymentLink) -> float:
        """When this link should be read again."""
        last = self._read_at.get(link.invoice_number)
        if last is None:
            # Not read by this session: the age of what is known decides; a link just made is not asked about at once.
            age = (self._session.clock.now() - link.evidence.checked_at).total_seconds()
            last = self._session.clock.monotonic() - max(0.0, age)
        # What hints have had read of it does not put its own order off, but for the pause between two reads.
        return max(last + self._interval(link), self.rested_at(link, last))

    def rested_at(self, link: PaymentLink, unasked: float = -math.inf) -> float:
        """When this link has rested from its last read; ``unasked`` stands for that read where there was none."""
        return self._asked_at.get(link.invoice_number, unasked) + SECONDS_BETWEEN_READS

    def note_read(self, invoice_number: str) -> None:
        """The link is read by its own order now."""
        self._read_at[invoice_number] = self._asked_at[invoice_number] = self._session.clock.monotonic()

    def note_asked(self, invoice_number: str) -> None:
        """An order that a hint says is this link's is read now."""
        self._asked_at[invoice_number] = self._session.clock.monotonic()

    def make_overdue(self, *numbers: str) -> None:
        """Let these links be read as soon as may be."""
        self._read_at |= dict.fromkeys(numbers, self._session.clock.monotonic() - _OVERDUE_SECONDS)
        self._on_change()

    def make_all_overdue(self) -> None:
        """Let every link be read as soon as may be, one after the other."""
        self.make_overdue(*self._moving)

    def slept(self, seconds: float) -> None:
        """So much time has gone by that the clock did not count."""
        self._read_at = {number: at - seconds for number, at in self._read_at.items()}

    def links_added(self, first: int, count: int) -> None:
        """Part of the book's listener protocol: a new link may be worth following."""
        for position in range(first, first + count):
            self._sort_in(self._session.book[position])
        self._on_change()

    def link_changed(self, position: int, before: PaymentLink) -> None:
        """Part of the book's listener protocol: a refund may be on its way now."""
        link = self._session.book[position]
        self._sort_in(link)
        if (link.state, link.note, link.order_reference) != (before.state, before.note, before.order_reference):
            self._on_change()

    def _sort_in(self, link: PaymentLink) -> None:
        if is_followed(link):
            self._moving[link.invoice_number] = link
        else:
            self._moving.pop(link.invoice_number, None)

    def _interval(self, link: PaymentLink) -> float:
        watched_for = None
        if link.invoice_number == self._watched:
            watched_for = self._session.clock.monotonic() - self._watched_since
        return seconds_between_reads(link, watched_for, is_of_today=self._is_of_today(link), is_live=self.is_live)

    def _is_of_today(self, link: PaymentLink) -> bool:
        return self._session.clock.now() - link.created_at < DAY
