"""The real program, started as its command starts it. Tells when its first window was painted, and ends on SIGTERM.

The arguments are those of the command.
"""

import sys
from time import monotonic
from typing import Any

from optty_desktop.cli import main
from tests.benchmarks.programs.told import tell


def watch_first_paint(window_class: Any) -> None:
    """Tell once when a window of this class has handed over its first pixels.

    The new method stays: PySide6 keeps the one it has found first, and would call it after it is gone.
    """
    paint = window_class.paintEvent
    timers: list[Any] = []

    def painted(window: Any, event: Any) -> None:
        paint(window, event)
        if not timers:
            from PySide6.QtCore import QTimer

            after = QTimer(window)
            after.setSingleShot(True)
            after.timeout.connect(lambda: tell(painted=monotonic()))
            after.start(0)
            timers.append(after)

    window_class.paintEvent = painted


class WatchedWindows:
    """Stands in front of the import system until the window's module is there, then watches its class."""

    def __init__(self, module: str, window: str) -> None:
        self._module, self._window = module, window

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        """Let the others find the module, and look at it once it has run."""
        if name != self._module:
            return None
        import importlib.util

        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        assert spec is not None
        loader: Any = spec.loader
        run = loader.exec_module

        def exec_module(module: Any) -> None:
            run(module)
            watch_first_paint(getattr(module, self._window))

        loader.exec_module = exec_module
        return spec


if __name__ == "__main__":
    is_training = "--training" in sys.argv
    first = ("main_window", "MainWindow") if is_training else ("sign_in_dialog", "SignInDialog")
    watched: Any = WatchedWindows(f"optty_desktop.ui.{first[0]}", first[1])
    sys.meta_path.insert(0, watched)
    sys.exit(main(sys.argv[1:]))
