"""The summary under the table: how many links, what they add up to, in parts that fit or are left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from optty_desktop.core.money import Money, format_amount
from optty_desktop.ui.link_tally import Totals
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, Space, Type, Weight
from optty_desktop.ui.words import tr, tr_n

MOST_SUMS = 3
"""More currencies than these are never written out on the line."""


class Scope(StrEnum):
    """Which links the table shows: those of this session, those of today, or earlier ones too."""

    SESSION = "session"
    TODAY = "today"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the summary: the words, and the value in them that stands out.

    `short` and `short_value` say less where there is no room. `every` lists all of it, a line each, where the words
    name sums.
    """

    words: str
    value: str
    is_warning: bool = False
    short: str = ""
    short_value: str = ""
    every: tuple[str, ...] = ()

    @property
    def says_all(self) -> bool:
        """Whether the words, at their longest, leave nothing out."""
        return len(self.every) <= MOST_SUMS

    def shown(self, *, is_short: bool) -> tuple[str, str]:
        """Words and value in that form."""
        return (self.short, self.short_value) if is_short and self.short else (self.words, self.value)

    def lines(self) -> tuple[str, ...]:
        """Everything it stands for."""
        return self.every or (self.words,)


def summary_parts(
    count: int,
    totals: Mapping[str, Totals],
    unconfirmed_refunds: int,
    scope: Scope,
    older: int = 0,
    set_by_hand: int = 0,
    reported: int = 0,
) -> list[Part]:
    """The summary in its order: count, paid, refunded, refunds without an answer, links whose status nobody has read.

    `older` of the `count` links are from before the days that `scope` names.
    """
    parts = [_count_part(count - older, older, scope)]
    parts += _sum_part([each.paid for each in totals.values()], is_refund=False)
    parts += _sum_part([each.refunded for each in totals.values()], is_refund=True)
    if unconfirmed_refunds:
        words = tr_n("{n} refund not confirmed", "{n} refunds not confirmed", unconfirmed_refunds)
        parts.append(Part(words, "", is_warning=True))
    if set_by_hand:
        words = tr_n("{n} set by hand, not in the sums", "{n} set by hand, not in the sums", set_by_hand)
        short = tr_n("{n} by hand", "{n} by hand", set_by_hand)
        parts.append(Part(words, "", short=short, is_warning=True))
    if reported:
        words = tr_n("{n} reported, not in the sums", "{n} reported, not in the sums", reported)
        parts.append(Part(words, "", short=tr_n("{n} reported", "{n} reported", reported), is_warning=True))
    return parts


class SummaryLabel(QLabel):
    """The summary on one line, values in strong letters. `text()` is all that is meant to be seen, in plain words."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._parts: Sequence[Part] = ()
        self._is_short = False
        self.setObjectName("tableSummaryLabel")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(Height.FOOTER)

    def set_parts(self, parts: Sequence[Part]) -> None:
        """Show these parts."""
        self._parts = parts
        self._write()

    def set_short(self, is_short: bool) -> None:
        """Say less, so that more parts fit."""
        self._is_short = is_short
        self._write()

    def lines(self) -> list[str]:
        """Everything there is to say, sum by sum."""
        return [line for part in self._parts for line in part.lines()]

    def width_when(self, *, short: bool) -> float:
        """The room all parts need in that form."""
        return sum(self._line(part, is_short=short).boundingRect().width() + Space.PANE for part in self._parts)

    @property
    def says_all_in_full(self) -> bool:
        """Whether nothing is left out where there is room for the long form."""
        return all(part.says_all for part in self._parts)

    def minimumSizeHint(self) -> QSize:
        """Parts that do not fit are left out, the last first."""
        return QSize(0, Height.FOOTER)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Each part in turn, as far as there is room."""
        painter = QPainter(self)
        rtl = self._is_rtl()
        at = 0.0
        for part in self._parts:
            line = self._line(part, is_short=self._is_short)
            width = line.boundingRect().width()
            if at + width > self.width():
                break
            left = self.width() - at - width if rtl else at
            line.draw(painter, QPointF(left, (self.height() - line.boundingRect().height()) / 2))
            at += width + Space.PANE
        painter.end()

    def _write(self) -> None:
        words = tr(", ").join(part.shown(is_short=self._is_short)[0] for part in self._parts)
        if words != self.text():
            self.setText(words)
        self.setAccessibleName(tr(", ").join(self.lines()))
        self.update()

    def _line(self, part: Part, *, is_short: bool) -> QTextLayout:
        """One part laid out as a whole, so that both reading directions come out right."""
        text, value = part.shown(is_short=is_short)
        strong = QTextLayout.FormatRange()
        strong.start = text.find(value) if value else 0
        strong.length = len(value)
        strong.format = QTextCharFormat()
        strong.format.setFont(self._look.font(Type.SMALL, weight=Weight.SEMIBOLD, figures=True))
        strong.format.setForeground(self._look.color("text"))
        words = QTextLayout.FormatRange()
        words.start, words.length = 0, len(text)
        words.format = QTextCharFormat()
        words.format.setForeground(self._look.color("warning" if part.is_warning else "text_muted"))
        weight = Weight.MEDIUM if part.is_warning else Weight.REGULAR
        layout = QTextLayout(text, self._look.font(Type.SMALL, weight=weight))
        layout.setTextOption(_no_wrap(self.layoutDirection()))
        layout.setFormats([words, strong])
        layout.beginLayout()
        line = layout.createLine()
        line.setNumColumns(len(text))
        layout.endLayout()
        return layout

    def _is_rtl(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft


def _count_part(count: int, older: int, scope: Scope) -> Part:
    words = _count_words(count, scope)
    if older:
        words = tr("{links} and {n} earlier", links=words, n=older)
    return Part(words, str(count))


def _count_words(count: int, scope: Scope) -> str:
    match scope:
        case Scope.SESSION:
            return tr_n("{n} link since sign-in", "{n} links since sign-in", count)
        case Scope.TODAY:
            return tr_n("{n} link today", "{n} links today", count)
        case Scope.EARLIER:
            return tr_n("{n} link", "{n} links", count)


def _sum_part(sums: Sequence[Money], *, is_refund: bool) -> list[Part]:
    amounts = [format_amount(money) for money in sums if not money.is_zero]
    if not amounts:
        return []
    value = tr(", ").join(amounts[:MOST_SUMS])
    words = _with_others(_sum_words(value, is_refund=is_refund), len(amounts) - MOST_SUMS)
    short = _with_others(_sum_words(amounts[0], is_refund=is_refund), len(amounts) - 1)
    every = tuple(_sum_words(amount, is_refund=is_refund) for amount in amounts)
    return [Part(words, value, short=short, short_value=amounts[0], every=every)]


def _sum_words(amount: str, *, is_refund: bool) -> str:
    return tr("Refunded {amount}", amount=amount) if is_refund else tr("Paid {amount}", amount=amount)


def _with_others(words: str, others: int) -> str:
    if others <= 0:
        return words
    more = tr_n("and {n} more currency", "and {n} more currencies", others)
    return tr("{paid} {more}", paid=words, more=more)


def _no_wrap(direction: Qt.LayoutDirection) -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    option.setTextDirection(direction)
    return option
