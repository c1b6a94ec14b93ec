"""Keeps the screen honest: connection in header, footer and banner, what is paused, and what needs checking."""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QObject, QTimer

from optty_desktop.core.environments import Environment, EnvironmentKind
from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.core.network import Way
from optty_desktop.core.ports import Clock
from optty_desktop.till.line import Line, LineState
from optty_desktop.ui.banner import Banner, BannerWords, Cause
from optty_desktop.ui.header import Header
from optty_desktop.ui.hint_way_words import news_sentence, unpaired_banner
from optty_desktop.ui.network_words import way_words
from optty_desktop.ui.payments_page import PaymentsPage
from optty_desktop.ui.profile_name import own_name
from optty_desktop.ui.times import clock_time
from optty_desktop.ui.words import tr, tr_n

_SECOND_MS = 1000
_MINUTE = 60


class StatusWatch(QObject):
    """Shows the line and counts the links that need checking. ``line_changed`` is the door of the follower.

    ``way`` tells how calls go out now; a proxy may become known, or another one, while people work.
    """

    def __init__(
        self,
        header: Header,
        banner: Banner,
        page: PaymentsPage,
        book: LinkBook,
        clock: Clock,
        environment: Environment,
        way: Callable[[], Way] = Way,
    ) -> None:
        super().__init__(page)
        self._environment, self._way = environment, way
        self._header, self._banner, self._page = header, banner, page
        self._book, self._clock, self._kind = book, clock, environment.kind
        self._line = Line(LineState.ONLINE, None)
        self._doubtful: set[str] = set()
        self.is_held_back = False
        """Whether cancels and refunds wait until a rebuilt record is compared."""
        self._has_card = False
        page.rearranged.connect(self._on_rearranged)
        self._tick = QTimer(self)
        self._tick.timeout.connect(self._on_tick)
        book.listen(self)
        self.links_added(0, len(book))
        self._show()

    @property
    def is_paused(self) -> bool:
        """Whether nothing can be sent: there is no connection."""
        return self._line.state is LineState.OFFLINE

    @property
    def doubtful(self) -> frozenset[str]:
        """Numbers of the links that need checking."""
        return frozenset(self._doubtful)

    def line_changed(self, line: Line) -> None:
        """The follower knows something new about the connection."""
        if line.news is not self._line.news:
            self._show_unpaired(line.news)
        self._line = line
        for pane in (self._page.links, self._page.detail, self._page.ready):
            pane.set_paused(self.is_paused)
        self._page.form.set_paused(tr("Kept here until the connection is back.") if self.is_paused else None)
        self._page.links.set_line(line, self._clock.monotonic())
        self._show()

    def hold_back(self, is_held_back: bool) -> None:
        """Switch cancels and refunds off everywhere, or on again."""
        self.is_held_back = is_held_back
        for pane in (self._page.links, self._page.detail, self._page.ready):
            pane.set_held_back(is_held_back)

    def links_added(self, first: int, count: int) -> None:
        """Part of the book's listener protocol."""
        for position in range(first, first + count):
            self._count(self._book[position])
        self._show_doubtful()

    def link_changed(self, position: int, before: PaymentLink) -> None:
        """Part of the book's listener protocol."""
        link = self._book[position]
        if before.state is not link.state:
            self._count(link)
            self._on_rearranged()
            self._show_doubtful()

    def _count(self, link: PaymentLink) -> None:
        if link.state is LinkState.UNKNOWN:
            self._doubtful.add(link.invoice_number)
        else:
            self._doubtful.discard(link.invoice_number)

    def _on_rearranged(self) -> None:
        opened = self._page.detail.link if self._page.has_detail else None
        has_card = opened is not None and opened.invoice_number in self._doubtful
        if has_card != self._has_card:
            self._has_card = has_card
            self._show_doubtful()

    def _on_tick(self) -> None:
        self._show()

    def _show(self) -> None:
        now = self._clock.monotonic()
        age = None if self._line.last_contact is None else max(0, int(now - self._line.last_contact))
        self._show_in_header(age)
        self._header.set_way([*way_words(self._environment, self._way()), *self._news()])
        self._show_in_banner(now)
        self._pace(age)

    def _pace(self, age: int | None) -> None:
        """Ages under a minute and countdowns move each second, older ages each minute."""
        counts = (age is not None and age < _MINUTE) or self._line.next_try_at is not None
        self._tick.start(_SECOND_MS if counts else _MINUTE * _SECOND_MS)

    def _show_in_header(self, age: int | None) -> None:
        if self._line.state is LineState.OFFLINE:
            self._header.set_line("wifi-off", tr("Offline"), self._last_check(), "warning")
        elif self._line.state is LineState.UNREADABLE:
            self._header.set_line("wifi", tr("Not read"), self._last_check(), "warning")
        elif self._line.state is LineState.BUSY:
            self._header.set_line("wifi", tr("Not answering"), self._last_check(), "warning")
        elif self._kind is EnvironmentKind.TRAINING:
            self._header.set_line("graduation-cap", tr("Training"), tr("no real payments"), "text")
        else:
            word = tr("Live") if self._kind is EnvironmentKind.LIVE else tr("Sandbox")
            word = own_name(self._environment) or word
            self._header.set_line("wifi", word, _age_words(age), "text")

    def _last_check(self) -> str:
        time = self._contact_time()
        return tr("last check {time}", time=time) if time else ""

    def _contact_time(self) -> str:
        """When somebody answered last; empty where nobody did yet."""
        if self._line.last_contact is None:
            return ""
        return clock_time(self._clock.now() - timedelta(seconds=self._clock.monotonic() - self._line.last_contact))

    def _show_in_banner(self, now: float) -> None:
        if self._line.state is LineState.ONLINE:
            self._banner.drop_cause(Cause.OFFLINE)
            return
        aside = self._next_try(now)
        if self._line.state is LineState.UNREADABLE:
            fact = tr("Statuses cannot be read with this account.")
            rest = tr("Links can still be made. Ask whoever manages your payment account.")
            self._banner.show_cause(Cause.OFFLINE, BannerWords(fact, rest, tr("Try now"), "triangle-alert", aside))
            return
        if self._line.state is LineState.BUSY:
            fact = tr("The payment service is not answering.")
            rest = tr("Do not send anything again until it is clear.") if self._doubtful else tr("Nothing was lost.")
            self._banner.show_cause(Cause.OFFLINE, BannerWords(fact, rest, tr("Try now"), "triangle-alert", aside))
            return
        time = self._contact_time()
        fact = tr("No connection since {time}.", time=time) if time else tr("No connection.")
        rest = tr("Statuses may be out of date. Creating, cancelling and refunding are paused until it returns.")
        self._banner.show_cause(Cause.OFFLINE, BannerWords(fact, rest, tr("Try now"), "wifi-off", aside))

    def _next_try(self, now: float) -> str:
        if self._line.next_try_at is None:
            return ""
        return tr("Next try in {n} s", n=max(0, round(self._line.next_try_at - now)))

    def _news(self) -> list[str]:
        sentence = news_sentence(self._line.news)
        return [sentence] if sentence else []

    def _show_unpaired(self, news: HintWay) -> None:
        if news is HintWay.UNPAIRED:
            self._banner.show_cause(Cause.UNPAIRED, unpaired_banner())
        elif news not in (HintWay.AWAY, HintWay.LOCKED):
            self._banner.drop_cause(Cause.UNPAIRED)

    def _show_doubtful(self) -> None:
        count = len(self._doubtful)
        if not count:
            self._banner.drop_cause(Cause.NEEDS_CHECK)
            return
        fact = tr_n("{n} link needs checking.", "{n} links need checking.", count)
        # While one of them is open its card says what to do, and what fits one link may not fit the other.
        rest = "" if self._has_card else tr("Do not send it again until it is clear.")
        self._banner.show_cause(Cause.NEEDS_CHECK, BannerWords(fact, rest, tr("Show it"), "triangle-alert"))


def _age_words(age: int | None) -> str:
    if age is None:
        return ""
    if age < _MINUTE:
        return tr("checked {n} s ago", n=age)
    return tr("checked {n} min ago", n=age // _MINUTE)
