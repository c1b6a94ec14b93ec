"""Paints the cells of the links table straight from the link: chip, amount, two lines, buttons."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from optty_desktop.core.links import LinkState, PaymentLink, note_of
from optty_desktop.core.money import format_figure
from optty_desktop.ui.link_columns import Column, content_rect
from optty_desktop.ui.links_model import LinksModel
from optty_desktop.ui.note_words import masked_contact, note_words
from optty_desktop.ui.row_button import RowButton, paint_row_button, row_button
from optty_desktop.ui.short_number import shown_description, shown_reference
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.state_look import STATE_LOOKS
from optty_desktop.ui.status_chip import paint_chip
from optty_desktop.ui.theme import Look
from optty_desktop.ui.times import clock_time, day_short
from optty_desktop.ui.tokens import Height, Motion, Type, Weight

_BAR = 3
_CODE_PX = 12.5
_CODE_GAP = 6
_LINE = 18
_SMALLER_FIGURE_PX = 13
_MUTED_STATES = frozenset({LinkState.CANCELLED, LinkState.EXPIRED})
_COLUMNS = tuple(Column)
# Worked out once: a table painted whole asks for them some hundred times.
_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
_FIGURE = int(Qt.AlignmentFlag.AlignRight | _MIDDLE | Qt.TextFlag.TextDontClip)
_LINE_AT_LEFT = int(Qt.AlignmentFlag.AlignLeft | _MIDDLE | Qt.TextFlag.TextSingleLine)
_LINE_AT_RIGHT = int(Qt.AlignmentFlag.AlignRight | _MIDDLE | Qt.TextFlag.TextSingleLine)


class LinksDelegate(QStyledItemDelegate):
    """One for the whole table. `hover` and `down` name the cell under the pointer and the one pressed."""

    def __init__(self, look: Look, model: LinksModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._model = model
        self.hover: tuple[str, Column] | None = None
        self.down: tuple[str, Column] | None = None
        self.is_paused = self.is_held_back = False
        self._first_line = look.font(Type.ROW, figures=True)
        self._second_line = look.font(Type.SMALL, figures=True)
        self._cell = look.font(Type.ROW, weight=Weight.REGULAR)
        self._time = look.font(Type.ROW, weight=Weight.REGULAR, figures=True)
        self._figure = look.font(Type.BODY, weight=Weight.SEMIBOLD, figures=True)
        self._smaller_figure = look.font_px(_SMALLER_FIGURE_PX, Weight.SEMIBOLD, figures=True)
        self._code = _fine_font(look.font(Type.SMALL))
        self._code_widths: dict[str, int] = {}
        self._rtl = False
        self._painters: dict[Column, Callable[[QPainter, QRect, PaymentLink], None]] = {
            Column.TIME: self._paint_time,
            Column.STATUS: self._paint_status,
            Column.AMOUNT: self._paint_amount,
            Column.ORDER: self._paint_order,
            Column.DESCRIPTION: self._paint_description,
            Column.CREATED_BY: self._paint_created_by,
        }

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Rows are of one height; widths are those of the columns."""
        return QSize(0, Height.ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """One cell: ground and line, then what the column shows."""
        column, row = _COLUMNS[index.column()], index.row()
        self._rtl = option.direction == Qt.LayoutDirection.RightToLeft
        link = self._model.link_at(row)
        cell: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self._paint_ground(painter, cell, row, link, selected=selected)
        if selected and column is Column.TIME:
            self._paint_bar(painter, cell)
        inner = content_rect(column, cell, rtl=self._rtl).adjusted(0, 0, 0, -1)
        paint = self._painters.get(column)
        if paint is not None:
            paint(painter, inner, link)
        else:
            self._paint_button(painter, inner, column, link)

    def flip_strength(self, row: int) -> float:
        """How much of the tint of a status change is left on the row: 1 at the change, 0 when it is over."""
        since = self._model.seconds_since_flip(row)
        if since is None or self._look.reduced_motion:
            return 0.0
        return max(0.0, 1.0 - since * 1000 / Motion.STATUS_FLIP)

    def _paint_ground(self, painter: QPainter, cell: QRect, row: int, link: PaymentLink, *, selected: bool) -> None:
        # The ground of the other rows is there: the view fills itself before it paints.
        if selected:
            painter.fillRect(cell, self._look.color("selection"))
        strength = self.flip_strength(row)
        if strength > 0:
            tint = self._look.color(STATE_LOOKS[link.state].tint)
            tint.setAlphaF(strength)
            painter.fillRect(cell, tint)
        painter.fillRect(cell.left(), cell.bottom(), cell.width(), 1, self._look.color("divider"))

    def _paint_bar(self, painter: QPainter, cell: QRect) -> None:
        left = cell.right() + 1 - _BAR if self._rtl else cell.left()
        painter.fillRect(left, cell.top(), _BAR, cell.height() - 1, self._look.color("accent"))

    def _paint_time(self, painter: QPainter, rect: QRect, link: PaymentLink) -> None:
        zone, now = self._model.zone, self._model.clock.now()
        time = clock_time(link.created_at, zone)
        if link.created_at.astimezone(zone).date() == now.astimezone(zone).date():
            self._text(painter, rect, time, self._time, "text_muted")
            return
        upper, lower = _two_lines(rect)
        self._text(painter, upper, time, self._time, "text_muted")
        self._text(painter, lower, day_short(link.created_at, zone), self._second_line, "text_muted")

    def _paint_status(self, painter: QPainter, rect: QRect, link: PaymentLink) -> None:
        stale, by_hand = self._model.is_stale, link.is_unconfirmed
        paint_chip(painter, rect, link.state, self._look, stale=stale, by_hand=by_hand, rtl=self._rtl)

    def _paint_amount(self, painter: QPainter, rect: QRect, link: PaymentLink) -> None:
        """Code, then figure, from left to right and at the right edge in both reading directions."""
        rect = rect.translated(0, -1)
        figure, code = format_figure(link.amount), link.amount.currency
        font = self._figure
        if QFontMetrics(font).horizontalAdvance(figure) + self._code_width(code) > rect.width():
            font = self._smaller_figure
        token = "text_muted" if link.state in _MUTED_STATES else "text"
        weight = Weight.MEDIUM if link.state in _MUTED_STATES else Weight.SEMIBOLD
        painter.setFont(self._weighted(font, weight))
        painter.setPen(self._look.color(token))
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        taken = painter.boundingRect(rect, _FIGURE, figure)
        painter.drawText(rect, _FIGURE, figure)
        before = QRect(rect.left(), rect.top(), taken.left() - _CODE_GAP + 1 - rect.left(), rect.height())
        painter.setFont(self._code)
        painter.setPen(self._look.color("text_muted"))
        painter.drawText(before, _FIGURE, code)

    def _paint_order(self, painter: QPainter, rect: QRect, link: PaymentLink) -> None:
        upper, lower = _two_lines(rect)
        self._text(painter, upper, shown_reference(link), self._first_line, "text")
        note = note_of(link, self._model.clock.now())
        words = note_words(note, link) if note is not None else ""
        if words:
            self._text(painter, lower, words, self._second_line, "text_muted")
            return
        contact = masked_contact(link)
        self._text(painter, lower, contact, self._second_line, "text_muted", Qt.TextElideMode.ElideMiddle)

    def _paint_description(self, painter: QPainter, rect: QRect, link: PaymentLink) -> None:
        self._text(painter, rect, shown_description(link), self._cell, "text_muted")

    def _paint_created_by(self, painter: QPainter, rect: QRect, link: PaymentLink) -> None:
        self._text(painter, rect, link.created_by, self._cell, "text_muted")

    def button_of(self, column: Column, link: PaymentLink) -> RowButton | None:
        """The button in that cell as it stands now, None where the cell is empty."""
        return row_button(column, link, is_paused=self.is_paused, is_held_back=self.is_held_back)

    def _paint_button(self, painter: QPainter, rect: QRect, column: Column, link: PaymentLink) -> None:
        button = self.button_of(column, link)
        if button is None:
            return
        cell = (link.invoice_number, column)
        at_end = column is Column.REFUND
        paint_row_button(
            painter,
            rect,
            button,
            self._look,
            hover=self.hover == cell,
            down=self.down == cell,
            at_right=at_end != self._rtl,
        )

    def _text(
        self,
        painter: QPainter,
        rect: QRect,
        text: str,
        font: QFont,
        token: str,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        """One line at the leading edge, cut with an ellipsis where it does not fit. The first line of many."""
        line = harmless(text.partition("\n")[0])
        painter.setFont(font)
        painter.setPen(self._look.color(token))
        shown = QFontMetrics(font).elidedText(line, elide, rect.width())
        painter.drawText(rect, _LINE_AT_RIGHT if self._rtl else _LINE_AT_LEFT, shown)

    def _code_width(self, code: str) -> int:
        width = self._code_widths.get(code)
        if width is None:
            width = QFontMetrics(self._code).horizontalAdvance(code) + _CODE_GAP
            self._code_widths[code] = width
        return width

    def _weighted(self, font: QFont, weight: int) -> QFont:
        if font.weight() == weight:
            return font
        return self._look.font_px(font.pixelSize(), weight, figures=True)


def _two_lines(rect: QRect) -> tuple[QRect, QRect]:
    """The two lines of a cell, centred together in its height."""
    top = rect.top() + (rect.height() + 1 - 2 * _LINE) // 2
    upper = QRect(rect.left(), top, rect.width(), _LINE)
    return upper, upper.translated(0, _LINE - 1)


def _fine_font(font: QFont) -> QFont:
    """The font of the currency code: half a pixel smaller than its neighbours, which pixel sizes cannot say."""
    pixels_to_points = font.pointSizeF() / font.pixelSize() if font.pointSizeF() > 0 else 0.75
    font.setPointSizeF(_CODE_PX * pixels_to_points)
    return font
