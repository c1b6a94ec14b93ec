"""A button that looks like an underlined link, with the full height of a target for a finger."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from optty_desktop.ui.buttons import is_plain_enter
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, Type


class LinkButton(QPushButton):
    """Changes how something is done; it never does it."""

    def __init__(self, look: Look, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._look = look
        font = look.font(Type.SMALL, weight=500)
        font.setUnderline(True)
        self.setFont(font)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setProperty("ringInside", True)

    def sizeHint(self) -> QSize:
        """The words, as high as any button."""
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self.text()) + 1, Height.HIT)

    def minimumSizeHint(self) -> QSize:
        """The words are never cut."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does."""
        if is_plain_enter(event):
            if not event.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The words."""
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self._look.color("accent" if self.isEnabled() else "text_disabled"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()
