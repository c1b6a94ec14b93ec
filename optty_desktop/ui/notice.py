"""A card that says what we do not know, and what not to do: a fact, then one strong sentence."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from optty_desktop.ui.passage import Passage
from optty_desktop.ui.shapes import draw_box
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Radius, Space, Type, Weight

_LINE = 20


class Notice(QWidget):
    """Amber, with its border. Screen readers find it under its object name and read title, text and warning."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._title = Passage(look, Type.ROW, weight=Weight.SEMIBOLD, line=_LINE, parent=self)
        self._text = Passage(look, Type.ROW, line=_LINE, parent=self)
        self._strong = Passage(look, Type.ROW, weight=Weight.SEMIBOLD, line=_LINE, parent=self)
        self._title.setObjectName("noticeTitle")
        self._text.setObjectName("noticeText")
        self._strong.setObjectName("noticeWarning")
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.ROW + 1, Space.FIELD, Space.ROW + 1, Space.FIELD)
        column.setSpacing(0)
        for passage in (self._title, self._text, self._strong):
            column.addWidget(passage)
        column.insertSpacing(2, Space.CLOSE)

    def show_words(self, title: str, text: str, strong: str = "") -> None:
        """Show a heading, what is so, and what not to do."""
        for passage, words in ((self._title, title), (self._text, text), (self._strong, strong)):
            passage.setText(words)
            passage.setVisible(bool(words))
        self.setAccessibleName(title)
        self.setAccessibleDescription(f"{text} {strong}".strip())

    def text(self) -> str:
        """All words, for those who check them."""
        return " ".join(filter(None, (self._title.text(), self._text.text(), self._strong.text())))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and border."""
        painter = QPainter(self)
        color, width = self._look.color, self._look.theme.border
        draw_box(painter, self.rect(), Radius.CARD, fill=color("warning_tint"), border=color("warning"), width=width)
        painter.end()
