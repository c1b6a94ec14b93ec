"""The main window before there is anything in it: on the screen at once, while its page is loaded and built."""

from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.ui.header import Header
from optty_desktop.ui.main_window import MainWindow
from optty_desktop.ui.theme import Look


class _Request(Protocol):
    """A signal that asks for something."""

    def emit(self) -> None: ...


class ShopFront(QObject):
    """Shows the window, and keeps what is asked of it until the desk is there to hear it."""

    def __init__(self, look: Look, kind: EnvironmentKind, *, shop: str, till: str, operator: str) -> None:
        super().__init__()
        self.header = header = Header(look, shop, till, operator, kind)
        self.window = MainWindow(look, kind, header, shop)
        self.is_painted = False
        self._asked: list[_Request] = []
        self.window.painted.connect(self._on_painted)
        self._listening = [
            (signal, signal.connect(partial(self._asked.append, signal)))
            for signal in (
                self.window.close_requested,
                self.window.band.leave_requested,
                header.sign_out_requested,
                header.shortcuts_requested,
                header.paste_requested,
                header.export_requested,
                header.support_requested,
                header.settings_requested,
                header.about_requested,
                header.customer_screen_requested,
            )
        ]
        # The pretend screen of a run without display is 800 pixels wide and seen by nobody.
        if QGuiApplication.platformName() != "offscreen":
            self.window.fit(self.window.screen().availableSize())
        self.window.show()

    def hand_over(self) -> None:
        """Stop listening, and ask again for what was asked until now: by this time the desk listens."""
        for signal, connection in self._listening:
            signal.disconnect(connection)
        asked, self._asked, self._listening = self._asked, [], []
        for request in asked:
            request.emit()

    def _on_painted(self) -> None:
        self.is_painted = True
