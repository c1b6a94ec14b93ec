"""The line under the table: how many links, what they add up to, how old the statuses are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from optty_desktop.core.money import Money, format_amount
from optty_desktop.ui.buttons import IconButton
from optty_desktop.ui.link_tally import Totals, first_and_others
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, IconSize, Space, Type, Weight
from optty_desktop.ui.words import tr, tr_n


class Scope(StrEnum):
    """Which links the table shows: those of this session, those of today, or earlier ones too."""

    SESSION = "session"
    TODAY = "today"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the summary: the words, the value in them that stands out, and whether it is a warning."""

    words: str
    value: str
    is_warning: bool = False
    tooltip: str = ""


def summary_parts(count: int, totals: Mapping[str, Totals], unconfirmed_refunds: int, scope: Scope) -> list[Part]:
    """The summary in its order: count, paid, refunded, refunds without an answer."""
    parts = [Part(_count_words(count, scope), str(count))]
    parts += _sum_part({code: each.paid for code, each in totals.items()}, is_refund=False)
    parts += _sum_part({code: each.refunded for code, each in totals.items()}, is_refund=True)
    if unconfirmed_refunds:
        words = tr_n("{n} refund not confirmed", "{n} refunds not confirmed", unconfirmed_refunds)
        parts.append(Part(words, "", is_warning=True))
    return parts


class SummaryLabel(QLabel):
    """The summary on one line, values in strong letters. `text()` is all of it in plain words."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._parts: Sequence[Part] = ()
        self.setObjectName("tableSummaryLabel")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(Height.FOOTER)

    def set_parts(self, parts: Sequence[Part]) -> None:
        """Show these parts."""
        if parts == self._parts:
            return
        self._parts = parts
        self.setText(tr(", ").join(part.words for part in parts))
        tooltip = "\n".join(part.tooltip for part in parts if part.tooltip)
        self.setToolTip(tooltip or (self.text() if self._width() > self.width() else ""))
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Parts that do not fit are left out, the last first."""
        return QSize(0, Height.FOOTER)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Each part in turn, as far as there is room."""
        painter = QPainter(self)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        at = 0.0
        for part in self._parts:
            line = self._line(part, rtl=rtl)
            width = line.boundingRect().width()
            if at + width > self.width():
                break
            left = self.width() - at - width if rtl else at
            line.draw(painter, QPointF(left, (self.height() - line.boundingRect().height()) / 2))
            at += width + Space.PANE
        painter.end()

    def _line(self, part: Part, *, rtl: bool) -> QTextLayout:
        """One part laid out as a whole, so that both reading directions come out right."""
        strong = QTextLayout.FormatRange()
        strong.start = part.words.find(part.value) if part.value else 0
        strong.length = len(part.value)
        strong.format = QTextCharFormat()
        strong.format.setFont(self._look.font(Type.SMALL, weight=Weight.SEMIBOLD, figures=True))
        strong.format.setForeground(self._look.color("text"))
        words = QTextLayout.FormatRange()
        words.start, words.length = 0, len(part.words)
        words.format = QTextCharFormat()
        words.format.setForeground(self._look.color("warning" if part.is_warning else "text_muted"))
        weight = Weight.MEDIUM if part.is_warning else Weight.REGULAR
        layout = QTextLayout(part.words, self._look.font(Type.SMALL, weight=weight))
        direction = Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight
        layout.setTextOption(_no_wrap(direction))
        layout.setFormats([words, strong])
        layout.beginLayout()
        line = layout.createLine()
        line.setNumColumns(len(part.words))
        layout.endLayout()
        return layout

    def _width(self) -> float:
        return sum(self._line(part, rtl=False).boundingRect().width() + Space.PANE for part in self._parts)


class TableFooter(QWidget):
    """Summary at the leading end, age of the statuses and the button that renews them at the other."""

    refresh_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._is_warning = False
        self.summary = SummaryLabel(look, self)
        self._age = QWidget(self)
        self._updated = plain_label("", look, Type.SMALL, ink="text_muted", parent=self._age)
        self._updated.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignTrailing)
        self._updated.setObjectName("updatedLabel")
        self._updated.setFont(look.font(Type.SMALL, figures=True))
        self._refresh = _RefreshButton(look, "refresh-cw", tr("Check statuses now (F5)"), self)
        self._refresh.setObjectName("refreshButton")
        self._refresh.setFixedSize(Height.HIT, Height.FOOTER)
        self._refresh.clicked.connect(self.refresh_requested)
        self._age.setFixedSize(0, Height.FOOTER)
        self.setFixedHeight(Height.FOOTER)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.ROW, 0, Space.TIGHT, 0)
        row.setSpacing(Space.TIGHT)
        row.addWidget(self.summary, 1)
        row.addWidget(self._age)
        row.addWidget(self._refresh)

    def set_updated(self, words: str, *, is_warning: bool) -> None:
        """Say how old the statuses are."""
        if is_warning != self._is_warning:
            self._is_warning = is_warning
            weight = Weight.SEMIBOLD if is_warning else Weight.REGULAR
            self._updated.setFont(self._look.font(Type.SMALL, weight=weight, figures=True))
            self._look.tint(self._updated, "warning" if is_warning else "text_muted")
        self._updated.setText(words)
        # The words stand outside the layout: a second that passes must not lay out the whole pane.
        width = QFontMetrics(self._updated.font()).horizontalAdvance(words) + 1
        if width != self._age.width():
            self._age.setFixedSize(width, Height.FOOTER)
            self._updated.setFixedSize(width, Height.FOOTER)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground and the line above."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("surface_alt"))
        painter.fillRect(0, 0, self.width(), 1, self._look.color("divider"))
        painter.end()


class _RefreshButton(IconButton):
    """As low as the footer; its icon is as small as the words beside it."""

    icon_size = IconSize.CHIP


def _count_words(count: int, scope: Scope) -> str:
    match scope:
        case Scope.SESSION:
            return tr_n("{n} link since sign-in", "{n} links since sign-in", count)
        case Scope.TODAY:
            return tr_n("{n} link today", "{n} links today", count)
        case Scope.EARLIER:
            return tr_n("{n} link", "{n} links", count)


def _sum_part(sums: Mapping[str, Money], *, is_refund: bool) -> list[Part]:
    first, others = first_and_others(sums)
    if first is None:
        return []
    amount = format_amount(first)
    words = tr("Refunded {amount}", amount=amount) if is_refund else tr("Paid {amount}", amount=amount)
    if not others:
        return [Part(words, amount)]
    more = tr_n("and {n} more currency", "and {n} more currencies", others)
    every = tr(", ").join(format_amount(money) for money in sums.values() if not money.is_zero)
    full = tr("Refunded {amount}", amount=every) if is_refund else tr("Paid {amount}", amount=every)
    return [Part(tr("{paid} {more}", paid=words, more=more), amount, tooltip=full)]


def _no_wrap(direction: Qt.LayoutDirection) -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    option.setTextDirection(direction)
    return option
