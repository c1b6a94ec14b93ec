"""The heads of the table's columns: words, and a small arrow on the one the rows are ordered by."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QHeaderView, QWidget

from optty_desktop.ui.link_columns import SORT_BY, Column, content_rect, head_word
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, Type, Weight

_ARROW = 6
_ARROW_GAP = 4


class LinksHead(QHeaderView):
    """30 px high. A click on a head that sorts is `sectionClicked`, as in any table."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._look = look
        self._sorted: tuple[Column, Qt.SortOrder] = (Column.TIME, Qt.SortOrder.DescendingOrder)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(0)
        self.setFixedHeight(Height.COLUMN_HEADS)
        self.setMouseTracking(True)

    def set_sorted(self, column: Column, order: Qt.SortOrder) -> None:
        """Show the arrow on that head, down when the largest comes first."""
        self._sorted = (column, order)
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """As high as a head."""
        return QSize(0, Height.COLUMN_HEADS)

    def paintSection(self, painter: QPainter, rect: QRect, logical_index: int) -> None:
        """One head: ground, line below, word, arrow."""
        painter.fillRect(rect, self._look.color("surface_alt"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, self._look.color("divider"))
        column = Column(logical_index)
        word = head_word(column)
        if not word:
            return
        is_sorted = column is self._sorted[0]
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        at_right = column is Column.AMOUNT or rtl
        font = self._look.font(Type.MICRO, weight=Weight.SEMIBOLD if is_sorted else Weight.MEDIUM)
        painter.setFont(font)
        painter.setPen(self._look.color("text" if is_sorted else "text_muted"))
        inner = content_rect(column, rect, rtl=rtl).adjusted(0, 0, 0, -1)
        side = Qt.AlignmentFlag.AlignRight if at_right else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        painter.drawText(inner, int(flags | Qt.TextFlag.TextSingleLine), word)
        if is_sorted:
            width = QFontMetrics(font).horizontalAdvance(word)
            self._paint_arrow(painter, inner, width, at_right=at_right)

    def is_sortable(self, section: int) -> bool:
        """Whether a click on that head orders the rows."""
        return Column(section) in SORT_BY

    def _paint_arrow(self, painter: QPainter, inner: QRect, word: int, *, at_right: bool) -> None:
        """After the word; before it where the word stands at the right edge, so that the edge stays straight."""
        left = inner.right() + 1 - word - _ARROW_GAP - _ARROW if at_right else inner.left() + word + _ARROW_GAP
        middle = inner.center().y() + 1
        down = self._sorted[1] is Qt.SortOrder.DescendingOrder
        end, tip = (middle - 1.5, middle + 1.5) if down else (middle + 1.5, middle - 1.5)
        points = QPolygonF([QPointF(left, end), QPointF(left + _ARROW / 2, tip), QPointF(left + _ARROW, end)])
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._look.color("text"), 1.5))
        painter.drawPolyline(points)
        painter.restore()
