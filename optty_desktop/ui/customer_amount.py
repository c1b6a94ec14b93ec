"""The amount on the customer's screen: code and figure on one base line, centred, as large as its font."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from optty_desktop.core.money import Money, format_amount, format_figure
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Weight

_CODE_SHARE = 0.42
_GAP_SHARE = 0.28


class CustomerAmount(QLabel):
    """`text()` is "USD 182.75". The figure takes the font of the label and shrinks to its width."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._money: Money | None = None
        self._inks = ("text", "text_muted")

    def set_money(self, money: Money) -> None:
        """Shows `money`."""
        self._money = money
        self.setText(format_amount(money))

    def set_inks(self, figure: str, code: str) -> None:
        """Colour tokens of figure and code."""
        self._inks = (figure, code)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Code, gap, figure."""
        if self._money is None:
            return
        figure, code, gap = self._fonts(self._money)
        words, digits = self._money.currency, format_figure(self._money)
        width = QFontMetrics(code).horizontalAdvance(words) + gap + QFontMetrics(figure).horizontalAdvance(digits)
        metrics = QFontMetrics(figure)
        base = (self.height() + metrics.capHeight()) // 2
        left = (self.width() - width) // 2
        painter = QPainter(self)
        painter.setFont(code)
        painter.setPen(self._look.color(self._inks[1]))
        painter.drawText(QPoint(left, base), words)
        painter.setFont(figure)
        painter.setPen(self._look.color(self._inks[0]))
        painter.drawText(QPoint(left + width - metrics.horizontalAdvance(digits), base), digits)
        painter.end()

    def _fonts(self, money: Money) -> tuple[QFont, QFont, int]:
        px, weight = self.font().pixelSize(), self.font().weight()
        while True:
            figure = self._look.font_px(px, weight, figures=True)
            code = self._look.font_px(max(12, round(px * _CODE_SHARE)), Weight.REGULAR)
            gap = round(px * _GAP_SHARE)
            taken = QFontMetrics(figure).horizontalAdvance(format_figure(money))
            taken += gap + QFontMetrics(code).horizontalAdvance(money.currency)
            if taken <= self.width() or px <= 16:
                return figure, code, gap
            px = max(16, px - max(1, px // 12))
