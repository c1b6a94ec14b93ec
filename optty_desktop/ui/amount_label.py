"""An amount as it is read at a glance: the code small and muted, the figure large. Left to right in every window."""

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from optty_desktop.core.money import Money, format_amount, format_figure
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space, Type, Weight

_CODE_PX = {Type.AMOUNT_DETAIL: 17, Type.AMOUNT_DIALOG: 15, Type.DISPLAY: 22}


class AmountLabel(QLabel):
    """`text()` is code, space, figure: "USD 64.00". The figure shrinks before it is cut."""

    def __init__(self, look: Look, role: Type, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._role = role
        self._money: Money | None = None
        self._is_muted = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_money(self, money: Money, *, muted: bool = False) -> None:
        """Show `money`; muted when nothing of it was or will be paid."""
        self._money, self._is_muted = money, muted
        self.setText(format_amount(money))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Code and figure on one line."""
        return QSize(self._width(self._figure_font(self._role.px)), self._role.line)

    def minimumSizeHint(self) -> QSize:
        """Room for a small figure."""
        return QSize(self._width(self._figure_font(Type.BODY.px)), self._role.line)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Code and figure on one base line."""
        if self._money is None:
            return
        figure = self._fitting_font()
        left = 0
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            left = self.width() - self._width(figure)
        metrics = QFontMetrics(figure)
        base = (self.height() + metrics.ascent() - metrics.descent()) // 2
        painter = QPainter(self)
        painter.setFont(self._code_font())
        painter.setPen(self._look.color("text_muted"))
        painter.drawText(QPoint(left, base), self._money.currency)
        painter.setFont(figure)
        painter.setPen(self._look.color("text_muted" if self._is_muted else "text"))
        painter.drawText(QPoint(left + self._code_width(), base), format_figure(self._money))
        painter.end()

    def _fitting_font(self) -> QFont:
        px = self._role.px
        while px > Type.BODY.px and self._width(self._figure_font(px)) > self.width():
            px -= 1
        return self._figure_font(px)

    def _figure_font(self, px: int) -> QFont:
        return self._look.font_px(px, Weight.SEMIBOLD, figures=True)

    def _code_font(self) -> QFont:
        return self._look.font_px(_CODE_PX.get(self._role, Type.BODY.px), Weight.REGULAR)

    def _code_width(self) -> int:
        code = self._money.currency if self._money is not None else ""
        return QFontMetrics(self._code_font()).horizontalAdvance(code) + Space.SMALL

    def _width(self, figure: QFont) -> int:
        text = format_figure(self._money) if self._money is not None else ""
        return self._code_width() + QFontMetrics(figure).horizontalAdvance(text) + 1
