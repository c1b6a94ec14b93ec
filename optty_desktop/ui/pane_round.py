"""F6: the keyboard goes round the panes of the window, from the leading to the trailing side, then to the header."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from optty_desktop.ui.paned_page import PanedPage

_REASON = Qt.FocusReason.ShortcutFocusReason


class PaneRound:
    """A pane that is entered again gives the keyboard to the part that had it last, where that still can take it."""

    def __init__(self, page: PanedPage, header_stop: QWidget) -> None:
        """``header_stop`` is the part of the header that takes the keyboard."""
        self._page = page
        self._header_stop = header_stop
        self._last: dict[QWidget, QWidget] = {}

    def move(self, step: int) -> None:
        """One pane on, or one back with a ``step`` of -1. From outside all panes it goes to the first or the last."""
        places = self._places()
        here = next((place for place, pane in enumerate(places) if self._has_focus(pane)), None)
        if here is None:
            self._enter(places[0 if step > 0 else -1])
            return
        focused = QApplication.focusWidget()
        if focused is not None:
            self._last[places[here]] = focused
        self._enter(places[(here + step) % len(places)])

    def enter(self) -> None:
        """The first pane of the page, unless the keyboard is in the page already."""
        focused = QApplication.focusWidget()
        if focused is None or not self._page.isAncestorOf(focused):
            self._enter(self._places()[0])

    def _places(self) -> list[QWidget]:
        return [*(pane for pane in self._page.panes() if pane.isVisible()), self._header_stop]

    def _has_focus(self, pane: QWidget) -> bool:
        focused = QApplication.focusWidget()
        if focused is None:
            return False
        # Any tool of the header stands for the header.
        home = self._header_stop.parentWidget() if pane is self._header_stop else pane
        return focused is home or (home is not None and home.isAncestorOf(focused))

    def _enter(self, pane: QWidget) -> None:
        last = self._last.get(pane)
        candidates = [
            *([last] if last is not None and isValid(last) else []),
            *self._page.first_stops(pane),
            *_parts(pane),
        ]
        for part in candidates:
            if _takes_focus(part) and (part is pane or pane.isAncestorOf(part)):
                part.setFocus(_REASON)
                return

    def _last_stops(self, pane: QWidget) -> list[QWidget]:
        last = self._last.get(pane)
        return [last] if last is not None and isValid(last) else []


def _parts(pane: QWidget) -> Iterator[QWidget]:
    """The parts of a pane in the order of Tab."""
    yield pane
    part = pane.nextInFocusChain()
    while part is not None and part is not pane:
        if pane.isAncestorOf(part):
            yield part
        part = part.nextInFocusChain()


def _takes_focus(part: QWidget) -> bool:
    return bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus) and part.isVisible() and part.isEnabled()
