"""An icon as a widget of its own. It follows the theme, and screen readers pass over it."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from optty_desktop.ui.shapes import draw_box, draw_icon
from optty_desktop.ui.theme import Look


class IconView(QWidget):
    """Paints one icon, `size` wide, on a rounded ground of `box` pixels where one is asked for."""

    def __init__(
        self, look: Look, name: str, token: str, size: int, parent: QWidget | None = None, *, box: int = 0
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._name = name
        self._token = token
        self._size = size
        self._ground: tuple[str, int] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(QSize(box or size, box or size))

    def set_icon(self, name: str, token: str) -> None:
        """Changes icon and colour."""
        self._name, self._token = name, token
        self.update()

    def set_ground(self, token: str, radius: int) -> None:
        """Fills the box behind the icon; half the box as radius makes a circle."""
        self._ground = (token, radius)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and icon."""
        painter = QPainter(self)
        if self._ground is not None:
            token, radius = self._ground
            draw_box(painter, self.rect(), radius, fill=self._look.color(token), border=None)
        left = (self.width() - self._size) // 2
        draw_icon(painter, self._look, self._name, self._token, left, self.height() // 2, self._size)
        painter.end()
