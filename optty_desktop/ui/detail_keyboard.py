"""Where the keyboard goes in the detail pane when the button that had it goes, or waits for an answer."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from optty_desktop.ui.buttons import Button

_REASON = Qt.FocusReason.OtherFocusReason


class DetailKeyboard:
    """Left to Qt it would go to whatever comes next, such as the eye that shows contacts.

    `steps` are the buttons that lead on, the best first; `begin` puts the keyboard at the top of the pane.
    """

    def __init__(self, pane: QWidget, steps: Sequence[Button], begin: Callable[[], None]) -> None:
        self._pane, self._steps, self._begin = pane, steps, begin
        self._waiting: QWidget | None = None

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Whatever the block switches off or takes away, the keyboard ends up where the next step is."""
        # Of the window and not of the program: a question may stand before it.
        had: QWidget | None = self._pane.window().focusWidget()
        yield
        if had is self._pane and self._waiting is not None:
            if not _is_busy(self._waiting):
                self._go_to(self._waiting)
        elif had is not None and self._pane.isAncestorOf(had) and not self._takes(had):
            self._leave(had)

    def go_on(self) -> None:
        """To the first step that can be taken, or to the top."""
        self._waiting = None
        for step in self._steps:
            if self._takes(step):
                step.setFocus(_REASON)
                return
        self._begin()

    def _leave(self, had: QWidget) -> None:
        if _is_busy(had):
            self._waiting = had
            self._pane.setFocus(_REASON)
        else:
            self.go_on()

    def _go_to(self, wanted: QWidget) -> None:
        self._waiting = None
        if self._takes(wanted):
            wanted.setFocus(_REASON)
        else:
            self.go_on()

    def _takes(self, part: QWidget) -> bool:
        return part.isEnabled() and part.isVisibleTo(self._pane)


def _is_busy(part: QWidget) -> bool:
    return isinstance(part, Button) and part.is_busy
