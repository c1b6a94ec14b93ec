"""The real program in a process of its own, which tells of its first window and of what came after its paint.

Of the window: what it is called, and the colour of its ground.
What came is what was imported, by which thread.
Arguments: those of the command. It ends by itself when everything behind the window is loaded.
"""

import json
import signal
import sys
import threading
from typing import Any

from optty_desktop.cli import main
from tests.benchmarks.programs.watched_app import OnceLoaded, when_painted

LAST_LOADED = ("zxingcpp", "phonenumbers", "PySide6.QtNetwork")
LOOK_MS, REST_MS = 20, 300


class ImportWatch:
    """Sees every module that is looked for, and finds none itself."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    def find_spec(self, name: str, path: Any, target: Any = None) -> None:
        """Note the module and the thread."""
        self.seen.append((threading.current_thread().name, name))


watch: Any = ImportWatch()
timers: list[Any] = []
titles: list[str] = []
grounds: list[str] = []


def on_paint() -> None:
    """From here on the thread of the window is to import nothing."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    titles.extend(window.windowTitle() for window in QApplication.topLevelWidgets() if window.isVisible())
    grounds.append(QApplication.palette().window().color().name())

    timer = QTimer()
    timer.timeout.connect(end_when_loaded)
    timer.start(LOOK_MS)
    timers.append(timer)
    sys.meta_path.insert(0, watch)


def end_when_loaded() -> None:
    """Once all is there, rest a little for what comes after it, then end as a signal from outside would."""
    timer = timers[0]
    if timer.interval() == REST_MS:
        timer.stop()
        sys.meta_path.remove(watch)
        signal.raise_signal(signal.SIGTERM)
    elif all(name in sys.modules for name in LAST_LOADED):
        timer.start(REST_MS)


if __name__ == "__main__":
    is_training = "--training" in sys.argv
    module, window = ("main_window", "MainWindow") if is_training else ("sign_in_dialog", "SignInDialog")
    OnceLoaded(f"optty_desktop.ui.{module}", lambda loaded: when_painted(getattr(loaded, window), on_paint))
    code = main(sys.argv[1:])
    sys.stdout.write(json.dumps({"seen": watch.seen, "title": "".join(titles), "ground": "".join(grounds)}))
    sys.exit(code)
