"""What the tests of widgets share: a look, and a way to put a widget on the screen."""

from PySide6.QtCore import SignalInstance
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from optty_desktop.ui.theme import Look, dress
from optty_desktop.ui.tokens import LIGHT, Theme


def new_look(theme: Theme = LIGHT, *, reduced_motion: bool = False) -> Look:
    """Dress the application of the test and return its look."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return dress(app, theme, reduced_motion=reduced_motion)


def show(qtbot: QtBot, widget: QWidget) -> None:
    """Show `widget` as an active window and have it closed after the test."""
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    assert QTest.qWaitForWindowActive(widget)


class Heard:
    """Collects what a signal carried, one tuple for each time."""

    def __init__(self, signal: SignalInstance) -> None:
        self.calls: list[tuple[object, ...]] = []
        signal.connect(self._on_heard)

    def __len__(self) -> int:
        return len(self.calls)

    def _on_heard(self, *values: object) -> None:
        self.calls.append(values)
