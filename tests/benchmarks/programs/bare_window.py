"""The floor: a QMainWindow with nothing in it under ``exec()``. Tells when it was painted, and ends on SIGTERM.

Argument, if any: a folder of packages to be searched first.
"""

import signal
import sys
from time import monotonic

sys.path[:0] = sys.argv[1:]

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from tests.benchmarks.programs.told import tell


class Window(QMainWindow):
    """Notes its first paint. The timer behind it comes when the pixels have been handed over."""

    def __init__(self) -> None:
        super().__init__()
        self._after = QTimer(self)
        self._after.setSingleShot(True)
        self._after.timeout.connect(self._on_painted)
        self._is_painted = False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as usual."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            self._after.start(0)

    def _on_painted(self) -> None:
        tell(painted=monotonic())


if __name__ == "__main__":
    # Python's handler would wait for the next Python code to run, which under an idle ``exec()`` never comes.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    app = QApplication(sys.argv)
    window = Window()
    window.resize(960, 640)
    window.show()
    app.exec()
