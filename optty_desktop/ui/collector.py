"""Python's garbage collector, kept on the window's thread.

WORKAROUND: left to itself the collector runs in whatever thread allocates next. If that is a worker, widgets and timers
that were garbage end there, and Qt aborts or crashes.
"""

import gc
from types import TracebackType

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 2000


class Collector(QObject):
    """While entered, garbage is collected by a timer of this thread only, at Python's own thresholds."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect_what_is_due)

    def __enter__(self) -> "Collector":
        gc.disable()
        self._timer.start(_EVERY_MS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.stop()
        gc.enable()

    def collect_what_is_due(self) -> int:
        """Collect the oldest generation that is due. Returns how many objects were garbage."""
        due = [count > threshold for count, threshold in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        oldest = max((generation for generation, is_due in enumerate(due) if is_due), default=None)
        return 0 if oldest is None else gc.collect(oldest)
