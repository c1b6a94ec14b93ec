"""One window per person on this computer: the second start brings the first one to the front and ends.

The lock is a file that names the running process, so it frees itself when that process is killed.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject

_ANSWER_MS = 1000


class SingleInstance(QObject):
    """Holds the place of this program. ``take`` first; ``listen`` once the window is painted."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._lock = QLockFile(str(folder / "window.lock"))
        # Never judged by age: a till runs for days.
        self._lock.setStaleLockTime(0)
        self._door = str(folder / "window.socket")
        self._server: QObject | None = None

    def take(self) -> bool:
        """Whether this process is the first one."""
        return self._lock.tryLock(0)

    def call_the_first(self) -> bool:
        """Ask the running window to come to the front; False when nobody answers."""
        from PySide6.QtNetwork import QLocalSocket

        caller = QLocalSocket()
        caller.connectToServer(self._door)
        answered = caller.waitForConnected(_ANSWER_MS)
        caller.abort()
        return answered

    def listen(self, on_second_start: Callable[[], None]) -> None:
        """Open the door for later starts; only the same person can knock."""
        from PySide6.QtNetwork import QLocalServer

        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(self._door)

        def knocked() -> None:
            while (visitor := server.nextPendingConnection()) is not None:
                visitor.disconnected.connect(visitor.deleteLater)
                on_second_start()

        server.newConnection.connect(knocked)
        server.listen(self._door)
        self._server = server

    def release(self) -> None:
        """Give the place free."""
        if self._server is not None:
            self._server.deleteLater()
            self._server = None
        self._lock.unlock()
