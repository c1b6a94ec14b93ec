"""A label of one line that shortens its text to the room there is and keeps the whole text to be read out."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from optty_desktop.ui.shown_text import harmless, safe_tooltip
from optty_desktop.ui.theme import Look

_NARROWEST = 40


class ElidedLabel(QLabel):
    """`text()` is the whole text, made harmless. A tooltip holds it while it is cut."""

    def __init__(
        self,
        look: Look,
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        ink: str = "text",
        is_left_to_right: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._mode = mode
        self._ink = ink
        self._is_left_to_right = is_left_to_right
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        """Show `text`, which may come from a customer or a server."""
        super().setText(harmless(text))
        self.updateGeometry()
        self._explain()

    def sizeHint(self) -> QSize:
        """The whole text."""
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self.text()) + 1, max(metrics.height(), 18))

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        return QSize(min(_NARROWEST, self.sizeHint().width()), self.sizeHint().height())

    def shown_text(self) -> str:
        """The text as it is cut now."""
        return QFontMetrics(self.font()).elidedText(self.text(), self._mode, self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Whether the text is cut depends on the room."""
        super().resizeEvent(event)
        self._explain()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, at the leading edge."""
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self._look.color(self._ink))
        if self._is_left_to_right:
            painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        flags = side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        painter.drawText(self.rect(), int(flags) | int(Qt.TextFlag.TextSingleLine), self.shown_text())
        painter.end()

    def _explain(self) -> None:
        self.setToolTip(safe_tooltip(self.text()) if self.shown_text() != self.text() else "")
