"""What stands in the place of the table while it has no rows: one heading, one sentence, the way on."""

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from optty_desktop.ui.buttons import Button
from optty_desktop.ui.divider import Divider
from optty_desktop.ui.icon_view import IconView
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.shapes import draw_key_hint, key_hint_width
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import IconSize, Space, Type
from optty_desktop.ui.words import tr

_CIRCLE = 72
_TEXT_WIDTH = 440
_HINTS_WIDTH = 310
_HINT_LINE = 27
_HINT_COLUMN = 62
_WRAP = int(Qt.AlignmentFlag.AlignHCenter) | int(Qt.TextFlag.TextWordWrap)


@dataclass(frozen=True, slots=True)
class EmptyWords:
    """What an empty table says. `has_shortcuts`: also the keys that help a beginner."""

    heading: str
    text: str
    icon: str = "qr-code"
    has_shortcuts: bool = False


class EmptyState(QScrollArea):
    """The page owns the buttons and says which of them belong to what is shown."""

    def __init__(self, look: Look, buttons: list[Button], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._buttons = buttons
        self.setObjectName("emptyState")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            look.sheet(bar)
        self._circle = IconView(look, "qr-code", "accent", IconSize.EMPTY, self, box=_CIRCLE)
        self._circle.set_ground("selection", _CIRCLE // 2)
        self._heading = plain_label("", look, Type.TITLE, parent=self)
        self._text = plain_label("", look, Type.BODY, ink="text_muted", parent=self)
        self._line = Divider(look, self)
        self._hints = _KeyHints(look, self)
        self._column = self._content()
        self.setWidget(self._column)
        for ground in (self.viewport(), self._column):
            ground.setAutoFillBackground(False)

    @property
    def heading(self) -> str:
        """The heading shown."""
        return self._heading.text()

    def show_words(self, words: EmptyWords, buttons: list[Button]) -> None:
        """Show these words and, of the buttons given at the start, these."""
        self._circle.set_icon(words.icon, "accent")
        self._heading.setText(words.heading)
        self._text.setText(words.text)
        self._text.setVisible(bool(words.text))
        for button in self._buttons:
            button.setVisible(button in buttons)
        self._line.setVisible(words.has_shortcuts)
        self._hints.setVisible(words.has_shortcuts)
        self.setAccessibleName(words.heading)
        self._fit_text()

    def set_waiting(self, is_waiting: bool) -> None:
        """Show nothing yet, or everything at its final place."""
        self._column.setVisible(not is_waiting)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The text keeps to a width that is easy to read."""
        super().resizeEvent(event)
        self._fit_text()

    def _fit_text(self) -> None:
        width = max(1, min(_TEXT_WIDTH, self.viewport().width() - 2 * Space.PANE))
        for label in (self._heading, self._text):
            words = QFontMetrics(label.font()).boundingRect(0, 0, width, 10_000, _WRAP, label.text())
            label.setFixedSize(width, words.height())

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(Space.PANE, Space.PANE, Space.PANE, Space.PANE)
        column.setSpacing(0)
        column.addStretch(1)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(self._circle, 0, centre)
        column.addSpacing(Space.PANE)
        for label in (self._heading, self._text):
            label.setWordWrap(True)
            label.setAlignment(centre)
            column.addWidget(label, 0, centre)
            column.addSpacing(Space.CLOSE)
        column.addSpacing(Space.ROW)
        column.addLayout(self._button_row())
        self._add_hints(column)
        column.addStretch(1)
        return content

    def _button_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.ROW)
        row.addStretch(1)
        for button in self._buttons:
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _add_hints(self, column: QVBoxLayout) -> None:
        self._line.setFixedWidth(_HINTS_WIDTH)
        column.addSpacing(Space.SECTION)
        column.addWidget(self._line, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(Space.ROW)
        column.addWidget(self._hints, 0, Qt.AlignmentFlag.AlignHCenter)


class _KeyHints(QWidget):
    """Four shortcuts, each with what it does."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._hints = (
            ("Ctrl+N", tr("New link, cursor in Amount")),
            ("Ctrl+F", tr("Search links")),
            ("F5", tr("Check statuses now")),
            ("F1", tr("All shortcuts")),
        )
        self.setAccessibleName("\n".join(f"{keys}: {words}" for keys, words in self._hints))
        self.setFixedSize(QSize(_HINTS_WIDTH, len(self._hints) * _HINT_LINE))

    def paintEvent(self, event: QPaintEvent) -> None:
        """One line for each."""
        painter = QPainter(self)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        for line, (keys, words) in enumerate(self._hints):
            middle = line * _HINT_LINE + _HINT_LINE // 2 + 1
            hint = key_hint_width(self._look, keys)
            draw_key_hint(painter, self._look, keys, self.width() - hint if rtl else 0, middle, "text_muted")
            painter.setFont(self._look.font(Type.SMALL))
            painter.setPen(self._look.color("text_muted"))
            room = self.rect().adjusted(0 if rtl else _HINT_COLUMN, 0, -_HINT_COLUMN if rtl else 0, 0)
            room.setTop(middle - _HINT_LINE // 2)
            room.setHeight(_HINT_LINE)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, words)
        painter.end()
