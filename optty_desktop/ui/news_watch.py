"""Tells people what has become of links: by toast, by sound, and by the desktop where they look elsewhere."""

from typing import Final, NamedTuple

from PySide6.QtCore import QObject, QTimer

from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.news import News, most_serious, news_of
from optty_desktop.core.ports import Clock
from optty_desktop.till.sounds import Sounds
from optty_desktop.ui.alerts import Alerts
from optty_desktop.ui.news_words import Several, one_more, paid_words
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.toast import Toast

MOMENT_MS: Final = 2_000
"""What comes within this time of the last telling is told together when it is over: one sound, one sentence."""
_PAID: Final = "paid"
_PAID_BEFORE: Final = "paid before"


class _Item(NamedTuple):
    news: News
    link: PaymentLink
    is_old: bool


class NewsWatch(QObject):
    """Listens to the book.

    What the first read of a link finds out happened while nobody was signed in: it makes no sound, and its payments
    make one toast that counts them. `timer` measures the moment; a test may give its own.
    """

    def __init__(
        self,
        toast: Toast,
        book: LinkBook,
        clock: Clock,
        tasks: TaskRunner,
        sounds: Sounds,
        alerts: Alerts,
        timer: QTimer | None = None,
    ) -> None:
        super().__init__(toast)
        self._toast, self._book, self._clock = toast, book, clock
        self._tasks, self._sounds, self._alerts = tasks, sounds, alerts
        self._begun_at = clock.now()
        self._waiting: list[_Item] = []
        self._paid: dict[str, Several] = {}
        self._is_resting = self._is_over = False
        self._timer = timer if timer is not None else QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_moment_over)
        book.listen(self)

    def links_added(self, first: int, count: int) -> None:
        """Part of the book's listener protocol: what a link begins with is no news."""

    def link_changed(self, position: int, before: PaymentLink) -> None:
        """Part of the book's listener protocol."""
        link = self._book[position]
        self._alerts.follow(link)
        if (news := news_of(before, link)) is not None:
            self._take(_Item(news, link, before.evidence.checked_at < self._begun_at))

    def became_refund(self, invoice_number: str) -> None:
        """A cancel of this link has turned out to be a refund."""
        if (link := self._book.find(invoice_number)) is not None:
            self._take(_Item(News.BECAME_REFUND, link, is_old=False))

    def end(self) -> None:
        """Tell nothing more."""
        self._is_over = True
        self._timer.stop()
        self._alerts.clear()

    def _take(self, item: _Item) -> None:
        if self._is_over:
            return
        self._waiting.append(item)
        if not self._is_resting:
            self._tell()

    def _on_moment_over(self) -> None:
        self._is_resting = False
        if self._waiting:
            self._tell()

    def _tell(self) -> None:
        items, self._waiting = self._waiting, []
        self._is_resting = True
        self._timer.start(MOMENT_MS)
        self._say_paid(items)
        # A moment is long enough for a link to have become something else.
        self._alerts.tell((item.news, self._book.find(item.link.invoice_number) or item.link) for item in items)
        news = most_serious(item.news for item in items if not item.is_old)
        if news is not None:
            self._tasks.start(self._sounds.ring(news), owner=self, name="sound")

    def _say_paid(self, items: list[_Item]) -> None:
        if not self._toast.has(_PAID):
            self._paid.pop(_PAID, None)
        paid = [item for item in items if item.news is News.PAID]
        for item in paid:
            topic = _PAID_BEFORE if item.is_old else _PAID
            self._paid[topic] = one_more(self._paid.get(topic), item.link)
        for topic in dict.fromkeys(_PAID_BEFORE if item.is_old else _PAID for item in paid):
            self._toast.show_newest(paid_words(self._paid[topic], self._clock.now()), topic)
