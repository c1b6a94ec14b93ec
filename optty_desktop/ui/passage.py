"""A passage of plain text with strong words in it, laid out by hand: no markup, so no text can become markup."""

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from optty_desktop.ui.measured import Measured
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Type, Weight

_STRONG = "**"
_WIDEST = 16_000
_LEADING = 6
"""Lines that follow one another need a little more room than a line alone."""


if TYPE_CHECKING:
    from PySide6.QtGui import QTextLayout


class _Strong(NamedTuple):
    """Where strong words begin in the text, and how many characters they take."""

    start: int
    length: int


class _Extent(NamedTuple):
    """What the text takes: lines, and the width of the longest in pixels if nothing broke it."""

    lines: int
    width: int


class Passage(QLabel):
    """A label whose `text()` is plain. `say` takes a sentence with `**strong words**` and fills its named places."""

    def __init__(
        self,
        look: Look,
        role: Type,
        *,
        weight: int = Weight.REGULAR,
        line: int = 0,
        ink: str = "text",
        figures: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._ink = ink
        self._line = line
        self._strong: list[_Strong] = []
        self._strong_font = QFont()
        self._measured: Measured[_Extent] = Measured()
        self._height = line
        self.set_role(role, weight=weight, figures=figures)
        self.setTextFormat(Qt.TextFormat.PlainText)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_role(self, role: Type, *, weight: int = Weight.REGULAR, figures: bool = True) -> None:
        """Change the size of the text; lines keep their height where one was asked for."""
        self._measured.forget()
        self._height = self._line or max(role.line, role.px + _LEADING)
        self._strong_font = self._look.font(role, weight=Weight.SEMIBOLD, figures=figures)
        self.setFont(self._look.font(role, weight=weight, figures=figures))
        self.updateGeometry()

    def say(self, template: str, **values: object) -> None:
        """Show `template`, translated already. Values are filled in after the strong words are found."""
        self._measured.forget()
        pieces = [piece.format(**values) if values else piece for piece in template.split(_STRONG)]
        self._strong, start = [], 0
        for place, piece in enumerate(pieces):
            if place % 2:
                self._strong.append(_Strong(start, len(piece)))
            start += len(piece)
        super().setText("".join(pieces))
        self.updateGeometry()

    def setText(self, text: str) -> None:
        """Show `text` as it is, without strong words."""
        self._measured.forget()
        self._strong = []
        super().setText(text)
        self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        """In another font or direction the lines break elsewhere."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.LayoutDirectionChange):
            self._measured.forget()
        super().changeEvent(event)

    def hasHeightForWidth(self) -> bool:
        """A narrower passage is a higher one."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The lines the text takes at `width`."""
        room = self.contentsMargins()
        lines = self._extent(max(1, width - room.left() - room.right())).lines
        return lines * self._height + room.top() + room.bottom()

    def sizeHint(self) -> QSize:
        """The text on one line."""
        extent = self._extent(_WIDEST)
        size = QSize(extent.width + 2, extent.lines * self._height)
        return size.grownBy(self.contentsMargins())

    def minimumSizeHint(self) -> QSize:
        """The longest word would do."""
        return QSize(self._height * 4, self._height).grownBy(self.contentsMargins())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The lines, in the colour of their token."""
        painter = QPainter(self)
        painter.setPen(self._look.color(self._ink))
        room = self.contentsRect()
        self._lay_out(max(1, room.width())).draw(painter, QPointF(room.topLeft()))
        painter.end()

    def _extent(self, width: int) -> "_Extent":
        def measure() -> _Extent:
            laid_out = self._lay_out(width)
            return _Extent(laid_out.lineCount(), int(laid_out.maximumWidth()))

        return self._measured.of(self.text(), width, measure)

    def _lay_out(self, width: int) -> "QTextLayout":
        # Slow to set up, and the first window shows no passage.
        from PySide6.QtGui import QTextLayout, QTextOption

        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        option = QTextOption(Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft)
        option.setTextDirection(self.layoutDirection())
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout = QTextLayout(self.text(), self.font())
        layout.setTextOption(option)
        layout.setFormats([_range(strong, self._strong_font) for strong in self._strong])
        layout.beginLayout()
        top = 0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, top + (self._height - line.height()) / 2))
            top += self._height
        layout.endLayout()
        return layout


def _range(strong: _Strong, font: QFont) -> "QTextLayout.FormatRange":
    from PySide6.QtGui import QTextCharFormat, QTextLayout

    shape = QTextCharFormat()
    shape.setFont(font)
    found = QTextLayout.FormatRange()
    found.start = strong.start
    found.length = strong.length
    found.format = shape
    return found
