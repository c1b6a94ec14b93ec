"""A surface with rounded corners and a thin edge, for what stands on the page ground."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from optty_desktop.ui.shapes import draw_box
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Radius


class Card(QWidget):
    """Paints its ground only; the caller gives it a layout."""

    def __init__(self, look: Look, parent: QWidget | None = None, *, ground: str = "surface") -> None:
        super().__init__(parent)
        self._look = look
        self._ground = ground

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and edge."""
        painter = QPainter(self)
        color = self._look.color
        draw_box(painter, self.rect(), Radius.CARD, fill=color(self._ground), border=color("divider"))
        painter.end()
