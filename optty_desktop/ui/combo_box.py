"""A list to choose from, painted from tokens. The mouse wheel never changes the choice."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from optty_desktop.ui.line_edit import clear_base
from optty_desktop.ui.shapes import draw_box, draw_icon, mirrored
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, IconSize, Radius, Space, Type, Weight

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractItemDelegate

_CHEVRON = IconSize.BUTTON


class ComboBox(QComboBox):
    """A choice, 44 px high; its rows are 44 px high too. Server and customer text is shown as it is."""

    def __init__(
        self,
        look: Look,
        parent: QWidget | None = None,
        *,
        height: int = Height.FIELD,
        weight: int = Weight.REGULAR,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self.setFixedHeight(height)
        self._is_wrong = False
        self._has_rows = False
        self.setFont(look.font(Type.BODY, weight=weight))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        clear_base(self)

    def set_wrong(self, wrong: bool) -> None:
        """Draws the strong red border, or the usual one."""
        self._is_wrong = wrong
        self.update()

    def showPopup(self) -> None:
        """Opens the list; what paints its rows is loaded with the first opening."""
        if not self._has_rows:
            self._has_rows = True
            self._look.sheet(self)
            self.setItemDelegate(self._new_rows())
        super().showPopup()

    def _new_rows(self) -> "QAbstractItemDelegate":
        from optty_desktop.ui.combo_rows import ComboRow

        return ComboRow(self._look, self)

    def sizeHint(self) -> QSize:
        """As wide as its longest entry."""
        metrics = QFontMetrics(self.font())
        widest = max((metrics.horizontalAdvance(self.itemText(row)) for row in range(self.count())), default=0)
        return QSize(widest + 2 * (Space.ROW + 1) + Space.SMALL + _CHEVRON, self.height())

    def minimumSizeHint(self) -> QSize:
        """Entries are shortened before the list gets lower."""
        return QSize(Height.HIT * 2, self.height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls what is around, never the choice."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Box, entry, chevron."""
        painter = QPainter(self)
        self._paint_box(painter)
        self._paint_entry(painter, self._entry_rect())
        rtl = self._is_rtl()
        x = Space.ROW if rtl else self.width() - Space.ROW - _CHEVRON
        token = "text_muted" if self.isEnabled() else "text_disabled"
        draw_icon(painter, self._look, "chevron-down", token, x, self.height() // 2, _CHEVRON)
        painter.end()

    def _paint_entry(self, painter: QPainter, rect: QRect) -> None:
        painter.setFont(self.font())
        painter.setPen(self._look.color("text" if self.isEnabled() else "text_disabled"))
        text = QFontMetrics(self.font()).elidedText(self.currentText(), Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, leading(rtl=self._is_rtl()), text)

    def _paint_box(self, painter: QPainter) -> None:
        color = self._look.color
        fill, border, width = "surface", "control_border", self._look.theme.border
        if not self.isEnabled():
            fill, border = "surface_alt", "divider"
        elif self._is_wrong:
            border, width = "danger", 2
        elif self.hasFocus():
            border, width = "focus", 2
        elif self.underMouse():
            border = "text"
        draw_box(painter, self.rect(), Radius.FIELD, fill=color(fill), border=color(border), width=width)

    def _entry_rect(self) -> QRect:
        lead, trail = Space.ROW + 1, Space.ROW + _CHEVRON + Space.TIGHT
        return mirrored(self.rect().adjusted(lead, 0, -trail, 0), self.rect(), rtl=self._is_rtl())

    def _is_rtl(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft


def leading(*, rtl: bool) -> Qt.AlignmentFlag:
    """Alignment of text at the side where reading starts."""
    side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
