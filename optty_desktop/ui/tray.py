"""The place of this program on the desktop: a number on its icon, a notification, and attention in the task bar.

Each of them only where the desktop has it. Nothing of it exists until there is something to tell.
"""

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from optty_desktop.core.ports import Notifier, Shown
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.words import tr

_SHOWN_MS = 10_000


class Tray(QObject):
    """`clicked`: somebody answers a notification, or presses the icon beside the clock.

    `notifier` is the desktop's own way to show notifications; without one they come from an icon beside the clock.
    """

    clicked = Signal()

    def __init__(
        self, make_icon: Callable[[], QIcon], window: QWidget, tasks: TaskRunner, notifier: Notifier | None = None
    ) -> None:
        super().__init__(window)
        self._make_icon, self._window, self._tasks, self._notifier = make_icon, window, tasks, notifier
        self._icon: QSystemTrayIcon | None = None
        self._shown: asyncio.Task[None] | None = None

    def tell(self, title: str, text: str) -> None:
        """Show a notification in the place of the one before, and ask for attention in the task bar."""
        QApplication.alert(self._window)
        self._take_back()
        if self._notifier is None:
            self._tell_beside_the_clock(title, text)
        else:
            self._shown = self._tasks.start(self._show(self._notifier, title, text), owner=self, name="notification")

    def set_count(self, count: int) -> None:
        """Put a number on the icon of the program; 0 takes it away."""
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.setBadgeNumber(count)

    def clear(self) -> None:
        """Everything was seen: no number, and no icon beside the clock."""
        self.set_count(0)
        self._take_back()
        if self._icon is not None:
            self._icon.hide()

    def _take_back(self) -> None:
        if self._shown is not None:
            self._shown.cancel()
            self._shown = None

    async def _show(self, notifier: Notifier, title: str, text: str) -> None:
        shown = await notifier.show(title, text, tr("Show it"))
        if shown is Shown.ANSWERED:
            self.clicked.emit()
        elif shown is Shown.IMPOSSIBLE:
            self._tell_beside_the_clock(title, text)

    def _tell_beside_the_clock(self, title: str, text: str) -> None:
        if self._icon is None and QSystemTrayIcon.isSystemTrayAvailable():
            self._icon = self._new_icon()
        if self._icon is not None:
            self._icon.setToolTip(title)
            self._icon.show()
            self._icon.showMessage(title, text, self._icon.icon(), _SHOWN_MS)

    def _new_icon(self) -> QSystemTrayIcon:
        icon = QSystemTrayIcon(self._make_icon(), self)
        icon.messageClicked.connect(self.clicked)
        icon.activated.connect(self._on_activated)
        return icon

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        # There is no menu: whatever button it was, somebody wants to see.
        if reason != QSystemTrayIcon.ActivationReason.Unknown:
            self.clicked.emit()
