"""One window per person on this computer: the second start brings the first one to the front and ends.

The lock is a file that names the running process, so it frees itself when that process is killed.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QLockFile, QObject

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

_ANSWER_MS = 3000
_KNOCK_AGAIN_SECONDS = 0.05


class SingleInstance(QObject):
    """Holds the place of this program. ``take`` first; ``listen`` once the window is painted."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._lock = QLockFile(str(folder / "window.lock"))
        # Never judged by age: a till runs for days.
        self._lock.setStaleLockTime(0)
        self._door = str(folder / "window.socket")
        self._server: QLocalServer | None = None
        self._on_second_start: Callable[[], None] | None = None

    def take(self) -> bool:
        """Whether this process is the first one."""
        return self._lock.tryLock(0)

    def call_the_first(self, within_ms: int = _ANSWER_MS) -> bool:
        """Ask the running window to come to the front; False when nobody answers.

        Knocks for a while: a window that is just being painted does not listen yet.
        """
        deadline = QDeadlineTimer(within_ms)
        while not self._knock(deadline.remainingTime()):
            if deadline.hasExpired():
                return False
            time.sleep(_KNOCK_AGAIN_SECONDS)
        return True

    def _knock(self, wait_ms: int) -> bool:
        from PySide6.QtNetwork import QLocalSocket

        caller = QLocalSocket()
        caller.connectToServer(self._door)
        answered = caller.waitForConnected(wait_ms)
        caller.abort()
        return answered

    def listen(self, on_second_start: Callable[[], None]) -> None:
        """Open the door for later starts; only the same person can knock."""
        from PySide6.QtNetwork import QLocalServer

        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(self._door)

        self._server, self._on_second_start = server, on_second_start
        server.newConnection.connect(self._on_knock)
        server.listen(self._door)

    def _on_knock(self) -> None:
        """Somebody knocked; there is nothing to talk about."""
        server = self._server
        while server is not None and server.hasPendingConnections():
            server.nextPendingConnection().deleteLater()
            if self._on_second_start is not None:
                self._on_second_start()

    def release(self) -> None:
        """Give the place free."""
        if self._server is not None:
            self._server.close()
            self._server.deleteLater()
            self._server = None
        self._lock.unlock()
