"""The rows of an open list, high enough for a finger, with a check mark on the current one."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QComboBox, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from optty_desktop.ui.combo_box import leading
from optty_desktop.ui.environment_combo import EnvironmentChoice, paint_environment
from optty_desktop.ui.shapes import draw_icon
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, IconSize, Space

_ENVIRONMENT_HEIGHT = 64


class ComboRow(QStyledItemDelegate):
    """One row of an open list: the words, and a check mark on the current one."""

    def __init__(self, look: Look, combo: QComboBox) -> None:
        super().__init__(combo)
        self._look = look
        self._combo = combo

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """High enough for a finger."""
        words = QFontMetrics(self._combo.font()).horizontalAdvance(str(index.data() or ""))
        return QSize(words + 3 * Space.ROW + IconSize.TOOL, Height.ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Tint, words, check mark."""
        rect: QRect = option.rect
        rtl = self._combo.layoutDirection() == Qt.LayoutDirection.RightToLeft
        state: QStyle.StateFlag = option.state
        is_lit = bool(state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver))
        painter.save()
        painter.fillRect(rect, self._look.color("selection" if is_lit else "surface"))
        self._paint_row(painter, rect, index, rtl=rtl)
        if index.row() == self._combo.currentIndex():
            x = rect.left() + Space.ROW if rtl else rect.right() + 1 - Space.ROW - IconSize.TOOL
            draw_icon(painter, self._look, "check", "text", x, rect.center().y() + 1, IconSize.TOOL)
        painter.restore()

    def _paint_row(
        self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex, *, rtl: bool
    ) -> None:
        painter.setFont(self._combo.font())
        painter.setPen(self._look.color("text"))
        painter.drawText(rect.adjusted(Space.ROW, 0, -Space.ROW, 0), leading(rtl=rtl), str(index.data() or ""))


class EnvironmentRow(ComboRow):
    """A row of the open list."""

    def __init__(self, look: Look, combo: QComboBox, choices: tuple[EnvironmentChoice, ...]) -> None:
        super().__init__(look, combo)
        self._choices = choices

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Two lines and room around them."""
        return QSize(200, _ENVIRONMENT_HEIGHT)

    def _paint_row(
        self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex, *, rtl: bool
    ) -> None:
        if index.row() > 0:
            painter.fillRect(rect.left(), rect.top(), rect.width(), 1, self._look.color("divider"))
        paint_environment(painter, rect, self._choices[index.row()], self._look, rtl=rtl)
