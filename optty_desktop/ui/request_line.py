"""A request as it would go over the wire, in letters of one width, so that every sign of it can be compared."""

from PySide6.QtCore import QMargins
from PySide6.QtGui import QFont, QFontDatabase, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from optty_desktop.ui.passage import Passage
from optty_desktop.ui.shapes import draw_box
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Radius, Space, Type

_LONGEST = 2000
_NEW_LINE = "\u2028"
"""The only sign at which Qt's text layout breaks lines."""

_BEGIN, _END = "\u2066", "\u2069"
"""Between these two signs text reads from left to right, wherever it stands."""


class RequestLine(Passage):
    """Method and address on the first line, the body below. Addresses read from left to right in every language."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, Type.SMALL, parent=parent)
        self.setObjectName("requestLine")
        self.setFont(one_width_font())
        self.setContentsMargins(QMargins(Space.FIELD, Space.SMALL, Space.FIELD, Space.SMALL))

    def show_request(self, request: str) -> None:
        """Show the request; what cannot be seen is shown as its code."""
        self.setText(_NEW_LINE.join(f"{_BEGIN}{harmless(line, _LONGEST)}{_END}" for line in request.splitlines()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A quiet ground, then the text."""
        painter = QPainter(self)
        color = self._look.color
        draw_box(painter, self.rect(), Radius.FIELD, fill=color("surface_alt"), border=color("divider"))
        painter.end()
        super().paintEvent(event)


def one_width_font() -> QFont:
    """The font of the desktop for code, as large as small text."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(Type.SMALL.px)
    return font
