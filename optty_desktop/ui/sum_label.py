"""How a total comes about: one line for each part, words on one side and the amount on the other."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from optty_desktop.core.money import Money, format_amount
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space, Type, Weight

_LINE = 22


class SumLabel(QLabel):
    """`text()` holds a line for each part: words, tab, amount. The last line is the total."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._parts: tuple[tuple[str, str], ...] = ()
        self.setObjectName("totalLabel")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_parts(self, parts: Sequence[tuple[str, Money]]) -> None:
        """Shows the parts, the total last; hidden without any."""
        self._parts = tuple((words, format_amount(money)) for words, money in parts)
        self.setText("\n".join(f"{words}\t{amount}" for words, amount in self._parts))
        self.setAccessibleName(", ".join(f"{words} {amount}" for words, amount in self._parts))
        self.setVisible(bool(self._parts))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """One line for each part."""
        return QSize(200, len(self._parts) * _LINE)

    def minimumSizeHint(self) -> QSize:
        """Words are shortened before amounts."""
        return QSize(100, len(self._parts) * _LINE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Words at the leading edge, amounts at the trailing one, the total strong."""
        painter = QPainter(self)
        for place, (words, amount) in enumerate(self._parts):
            is_total = place == len(self._parts) - 1
            weight = Weight.SEMIBOLD if is_total else Weight.REGULAR
            font = self._look.font(Type.ROW, weight=weight, figures=True)
            metrics = QFontMetrics(font)
            row = QRect(0, place * _LINE, self.width(), _LINE)
            room = row.width() - metrics.horizontalAdvance(amount) - Space.SMALL
            painter.setFont(font)
            painter.setPen(self._look.color("text" if is_total else "text_muted"))
            middle = Qt.AlignmentFlag.AlignVCenter
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
            painter.drawText(row, int(middle | Qt.AlignmentFlag.AlignLeading), shown)
            painter.drawText(row, int(middle | Qt.AlignmentFlag.AlignTrailing), amount)
        painter.end()
