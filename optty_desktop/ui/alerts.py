"""News for people who look at another window: told by the desktop, counted, and gone once they look here."""

from collections.abc import Iterable
from functools import reduce
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QApplication, QWidget

from optty_desktop.core.links import PaymentLink
from optty_desktop.core.news import News, holds
from optty_desktop.core.ports import Clock
from optty_desktop.ui.news_words import Several, alert_words, one_more

_TOLD: Final = (News.BECAME_REFUND, News.NEEDS_CHECK, News.PAID)
"""What is told, in this order. That a payment was declined can wait until somebody looks."""


class Desktop(Protocol):
    """What `ui.tray.Tray` does."""

    @property
    def clicked(self) -> SignalInstance: ...
    def tell(self, title: str, text: str) -> None: ...
    def set_count(self, count: int) -> None: ...
    def clear(self) -> None: ...


class Alerts(QObject):
    """`opened` carries the number of the link that was told of last: somebody wants to see it."""

    opened = Signal(str)

    def __init__(self, window: QWidget, desktop: Desktop, clock: Clock) -> None:
        super().__init__(window)
        self._window, self._desktop, self._clock = window, desktop, clock
        self._unseen: dict[tuple[News, str], PaymentLink] = {}
        self._last = ""
        desktop.clicked.connect(self._on_clicked)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusWindowChanged.connect(self._on_focus_window_changed)

    def tell(self, several: Iterable[tuple[News, PaymentLink]]) -> None:
        """Tell of these and of what was not seen before, in one notification; nothing while somebody looks here."""
        if _is_in_front():
            return
        new = [(news, link) for news, link in several if news in _TOLD and holds(news, link)]
        for news, link in new:
            self._last = link.invoice_number
            self._unseen.pop((news, self._last), None)  # the newest comes last
            self._unseen[news, self._last] = link
        if new:
            now = self._clock.now()
            found = ((news, self._several(news)) for news in _TOLD)
            lines = (alert_words(news, links, now) for news, links in found if links is not None)
            # The title of the window says whose till it is, and that it is one for training.
            self._desktop.tell(self._window.windowTitle(), "\n".join(lines))
            self._show_count()

    def follow(self, link: PaymentLink) -> None:
        """Tell nothing of this link any more that it is not now; the notification goes once nothing in it is so."""
        over = [key for key in self._unseen if key[1] == link.invoice_number and not holds(key[0], link)]
        for key in over:
            del self._unseen[key]
        if over and self._unseen:
            self._show_count()
        elif over:
            self._desktop.clear()

    def clear(self) -> None:
        """All of it was seen."""
        if self._unseen:
            self._unseen.clear()
            self._desktop.clear()

    def _several(self, news: News) -> Several | None:
        links = (link for (told, _number), link in self._unseen.items() if told is news)
        return reduce(one_more, links, None)

    def _show_count(self) -> None:
        paid = self._several(News.PAID)
        self._desktop.set_count(paid.count if paid is not None else 0)

    def _on_clicked(self) -> None:
        self.opened.emit(self._last)

    def _on_focus_window_changed(self, _window: object) -> None:
        if _is_in_front():
            self.clear()


def _is_in_front() -> bool:
    """Whether a window of this program has the keyboard, a question before the main one among them."""
    return QApplication.activeWindow() is not None
