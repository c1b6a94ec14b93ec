"""Keeps the screen honest about the connection: header, footer and banner, and the pause of what cannot be sent."""

from datetime import timedelta

from PySide6.QtCore import QObject, QTimer

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.core.ports import Clock
from optty_desktop.till.follow_status import Line, LineState
from optty_desktop.ui.banner import Banner, BannerWords, Cause
from optty_desktop.ui.header import Header
from optty_desktop.ui.payments_page import PaymentsPage
from optty_desktop.ui.times import clock_time
from optty_desktop.ui.words import tr, tr_n

_SECOND_MS = 1000
_MINUTE = 60


class StatusWatch(QObject):
    """Shows the line and counts the links that need checking. ``line_changed`` is the door of the follower."""

    def __init__(
        self, header: Header, banner: Banner, page: PaymentsPage, book: LinkBook, clock: Clock, kind: EnvironmentKind
    ) -> None:
        super().__init__(page)
        self._header, self._banner, self._page = header, banner, page
        self._book, self._clock, self._kind = book, clock, kind
        self._line = Line(LineState.ONLINE, None)
        self._doubtful: set[str] = set()
        self._tick = QTimer(self)
        self._tick.timeout.connect(self._on_tick)
        book.listen(self)
        self._show()

    @property
    def is_online(self) -> bool:
        """Whether calls may be sent."""
        return self._line.state is LineState.ONLINE

    @property
    def doubtful(self) -> frozenset[str]:
        """Numbers of the links that need checking."""
        return frozenset(self._doubtful)

    def line_changed(self, line: Line) -> None:
        """The follower knows something new about the connection."""
        self._line = line
        offline = line.state is LineState.OFFLINE
        self._page.links.set_paused(offline)
        self._page.detail.set_paused(offline)
        self._page.ready.set_paused(offline)
        self._page.form.set_paused(tr("Kept here until the connection is back.") if offline else None)
        self._page.links.set_line(line, self._clock.monotonic())
        self._show()

    def links_added(self, first: int, count: int) -> None:
        """Part of the book's listener protocol."""
        for position in range(first, first + count):
            self._count(self._book[position])
        self._show_doubtful()

    def link_changed(self, position: int, before: PaymentLink) -> None:
        """Part of the book's listener protocol."""
        if before.state is not self._book[position].state:
            self._count(self._book[position])
            self._show_doubtful()

    def _count(self, link: PaymentLink) -> None:
        if link.state is LinkState.UNKNOWN:
            self._doubtful.add(link.invoice_number)
        else:
            self._doubtful.discard(link.invoice_number)

    def _on_tick(self) -> None:
        self._show()

    def _show(self) -> None:
        now = self._clock.monotonic()
        age = None if self._line.last_contact is None else max(0, int(now - self._line.last_contact))
        self._show_in_header(age)
        self._show_in_banner(now)
        self._pace(age)

    def _pace(self, age: int | None) -> None:
        """Ages under a minute and countdowns move each second, older ages each minute."""
        counts = (age is not None and age < _MINUTE) or self._line.next_try_at is not None
        self._tick.start(_SECOND_MS if counts else _MINUTE * _SECOND_MS)

    def _show_in_header(self, age: int | None) -> None:
        if self._line.state is LineState.OFFLINE:
            self._header.set_line("wifi-off", tr("Offline"), self._last_check(), "warning")
        elif self._line.state is LineState.BUSY:
            self._header.set_line("wifi", tr("Not answering"), self._last_check(), "warning")
        elif self._kind is EnvironmentKind.TRAINING:
            self._header.set_line("graduation-cap", tr("Training"), tr("no real payments"), "text")
        else:
            word = tr("Live") if self._kind is EnvironmentKind.LIVE else tr("Sandbox")
            self._header.set_line("wifi", word, _age_words(age), "text")

    def _last_check(self) -> str:
        return tr("last check {time}", time=self._contact_time()) if self._line.last_contact is not None else ""

    def _contact_time(self) -> str:
        ago = timedelta(seconds=self._clock.monotonic() - (self._line.last_contact or 0.0))
        return clock_time(self._clock.now() - ago)

    def _show_in_banner(self, now: float) -> None:
        if self._line.state is LineState.ONLINE or self._line.next_try_at is None:
            self._banner.drop_cause(Cause.OFFLINE)
            return
        seconds = max(0, round(self._line.next_try_at - now))
        aside = tr("Next try in {n} s", n=seconds)
        if self._line.state is LineState.BUSY:
            fact, rest = tr("The payment service is not answering."), tr("Nothing was lost.")
            self._banner.show_cause(Cause.OFFLINE, BannerWords(fact, rest, tr("Try now"), "triangle-alert", aside))
            return
        fact = tr("No connection since {time}.", time=self._contact_time())
        rest = tr("Statuses may be out of date. Creating, cancelling and refunding are paused until it returns.")
        self._banner.show_cause(Cause.OFFLINE, BannerWords(fact, rest, tr("Try now"), "wifi-off", aside))

    def _show_doubtful(self) -> None:
        count = len(self._doubtful)
        if not count:
            self._banner.drop_cause(Cause.NEEDS_CHECK)
            return
        fact = tr_n("{n} link needs checking.", "{n} links need checking.", count)
        rest = tr("Do not send it again until it is clear.")
        self._banner.show_cause(Cause.NEEDS_CHECK, BannerWords(fact, rest, tr("Show it"), "triangle-alert"))


def _age_words(age: int | None) -> str:
    if age is None:
        return ""
    if age < _MINUTE:
        return tr("checked {n} s ago", n=age)
    return tr("checked {n} min ago", n=age // _MINUTE)
