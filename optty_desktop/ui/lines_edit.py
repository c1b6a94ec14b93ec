"""Several lines to type in, painted like a line. Plain text only; Tab goes on to the next control."""

from PySide6.QtCore import QEvent, QMargins, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from optty_desktop.ui.field import Check
from optty_desktop.ui.line_edit import clear_base
from optty_desktop.ui.shapes import draw_box
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Radius, Space, Type

_PADDING = 7
"""Qt keeps 4 px of its own round the text."""


class LinesEdit(QPlainTextEdit):
    """`edited` tells that something was typed, `left` that the cursor went to another control."""

    edited = Signal(str)
    left = Signal()

    def __init__(self, look: Look, lines: int, check: Check, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._lines = lines
        self._check = check
        self._is_wrong = False
        self.setFont(look.font(Type.BODY))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setViewportMargins(QMargins(0, 0, 0, 0))
        self.document().setDocumentMargin(_PADDING + 4)
        # The ring goes round the painted box, as with a line.
        self.setProperty("ringInside", False)
        clear_base(self)
        look.sheet(self.verticalScrollBar())
        self.textChanged.connect(self._on_text_changed)
        self._align()

    def problem_text(self) -> str | None:
        """What is wrong, in words, or None."""
        return self._check(self.toPlainText())

    def set_wrong(self, wrong: bool) -> None:
        """Draws the strong red border, or the usual one."""
        self._is_wrong = wrong
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """As high as the lines it is for; more of them scroll."""
        height = self._lines * QFontMetrics(self.font()).lineSpacing() + 2 * (_PADDING + 4) + Space.HAIR
        return QSize(super().sizeHint().width(), height)

    def minimumSizeHint(self) -> QSize:
        """Lines may be short, but not fewer."""
        return QSize(Space.WIDE * 3, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Begins where reading begins."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._align()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The border shows who has the keyboard."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Says that the lines were left."""
        super().focusOutEvent(event)
        self.viewport().update()
        self.left.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Qt's menu to cut, copy and paste, dressed like the others."""
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._look.sheet(menu)
        menu.popup(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, then the text by Qt."""
        painter = QPainter(self.viewport())
        fill, border, width = "surface", "control_border", self._look.theme.border
        if self.isReadOnly():
            fill = "surface_alt"
        if not self.isEnabled():
            fill, border = "surface_alt", "divider"
        elif self._is_wrong:
            border, width = "danger", 2
        elif self.hasFocus():
            border, width = "focus", 2
        color = self._look.color
        box = QRect(0, 0, self.viewport().width(), self.viewport().height())
        draw_box(painter, box, Radius.FIELD, fill=color(fill), border=color(border), width=width)
        painter.end()
        super().paintEvent(event)

    def _align(self) -> None:
        """Qt would put Latin lines at the left of an Arabic window."""
        is_rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        option = self.document().defaultTextOption()
        side = Qt.AlignmentFlag.AlignRight if is_rtl else Qt.AlignmentFlag.AlignLeft
        option.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        self.document().setDefaultTextOption(option)

    def _on_text_changed(self) -> None:
        self.edited.emit(self.toPlainText())
