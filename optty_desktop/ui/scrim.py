"""The dark veil over a window while a question stands before it."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from optty_desktop.ui.theme import Look

_SHARE = 0.55
"""How much of the window the veil hides."""


class Scrim(QWidget):
    """Covers `window` as long as it lives; what is below stays readable."""

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self._look = look
        self.setObjectName("scrim")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setGeometry(window.rect())
        window.installEventFilter(self)
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Grows with the window."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """The veil."""
        color = self._look.color("scrim")
        color.setAlphaF(_SHARE)
        painter = QPainter(self)
        painter.fillRect(self.rect(), color)
        painter.end()
