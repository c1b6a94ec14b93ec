"""The timeline of a link: newest on top, each entry an icon on a circle, a sentence, a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from optty_desktop.core.events import LinkEvent
from optty_desktop.core.links import Note
from optty_desktop.ui.event_words import EventWords, timeline_words
from optty_desktop.ui.shapes import draw_box, draw_icon, mirrored
from optty_desktop.ui.theme import Look
from optty_desktop.ui.timeline_entries import entries_to_tell
from optty_desktop.ui.times import when
from optty_desktop.ui.tokens import Space, Type, Weight

_CIRCLE = 24
_ICON = 14
_LINE = 2
_LEAD = _CIRCLE + Space.FIELD
_BETWEEN = 8
_WRAP = int(Qt.TextFlag.TextWordWrap)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry as it is painted, with the heights its texts take at the present width."""

    words: EventWords
    time: str
    sentence_height: int = 0
    detail_height: int = 0

    @property
    def height(self) -> int:
        """The whole entry, without the gap below it."""
        return max(_CIRCLE - 1, self.sentence_height + self.detail_height + (1 if self.detail_height else 0))


class TimelineView(QWidget):
    """Painted. Screen readers get the entries as sentences in `accessibleDescription`."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._entries: tuple[tuple[EventWords, str], ...] = ()
        self.setObjectName("timelineView")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_events(self, events: Sequence[LinkEvent], now: datetime, note: Note | None = None) -> None:
        """Show `events`, newest first; `now` (UTC) decides whether a time needs its date, `note` is the link's."""
        told = entries_to_tell(events)
        times = (when(event.at, now) for event in told)
        entries = tuple(zip(timeline_words(told, note), times, strict=True))
        if entries == self._entries:
            return
        self._entries = entries
        self.setAccessibleDescription("\n".join(self.sentences()))
        self.updateGeometry()
        self.update()

    def sentences(self) -> list[str]:
        """Each entry in words, newest first."""
        return [", ".join(filter(None, (time, words.sentence, words.detail))) for words, time in self._entries]

    def hasHeightForWidth(self) -> bool:
        """Long sentences wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """All entries one below the other."""
        return max(0, sum(entry.height + _BETWEEN for entry in self._measured(width)) - _BETWEEN + 1)

    def sizeHint(self) -> QSize:
        """As wide as a narrow pane."""
        return QSize(290, self.heightForWidth(290))

    def minimumSizeHint(self) -> QSize:
        """Sentences wrap to anything."""
        return QSize(120, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line first, the entries on it."""
        painter = QPainter(self)
        top = 0
        entries = self._measured(self.width())
        for place, entry in enumerate(entries):
            if place + 1 < len(entries):
                self._paint_line(painter, top, entry.height + _BETWEEN)
            self._paint_entry(painter, top, entry)
            top += entry.height + _BETWEEN
        painter.end()

    def _paint_line(self, painter: QPainter, top: int, length: int) -> None:
        line = QRect((_CIRCLE - _LINE) // 2, top + _CIRCLE, _LINE, length - _CIRCLE)
        painter.fillRect(mirrored(line, self.rect(), rtl=self._is_rtl()), self._look.color("divider"))

    def _paint_entry(self, painter: QPainter, top: int, entry: _Entry) -> None:
        rtl, look, words = self._is_rtl(), self._look, entry.words
        circle = mirrored(QRect(0, top, _CIRCLE, _CIRCLE), self.rect(), rtl=rtl)
        border = look.color(words.ink) if look.theme.border > 1 else None
        draw_box(painter, circle, _CIRCLE // 2, fill=look.color(words.tint), border=border)
        icon = circle.left() + (_CIRCLE - _ICON) // 2
        draw_icon(painter, look, words.icon, words.ink, icon, top + _CIRCLE // 2, _ICON)
        taken = self._time_width(entry.time)
        first = top + (_CIRCLE - Type.ROW.line) // 2
        text = QRect(_LEAD, first, self.width() - _LEAD - taken, entry.sentence_height)
        self._paint_text(painter, text, words.sentence, self._sentence_font(), "text")
        time = QRect(self.width() - taken, first, taken, Type.ROW.line)
        self._paint_text(painter, time, entry.time, self._time_font(), "text_muted", is_trailing=True)
        if words.detail:
            detail = QRect(_LEAD, text.bottom() + 1, self.width() - _LEAD, entry.detail_height)
            self._paint_text(painter, detail, words.detail, self._detail_font(), "text_muted")

    def _paint_text(
        self, painter: QPainter, rect: QRect, text: str, font: QFont, token: str, *, is_trailing: bool = False
    ) -> None:
        rtl = self._is_rtl()
        painter.setFont(font)
        painter.setPen(self._look.color(token))
        side = Qt.AlignmentFlag.AlignRight if rtl is not is_trailing else Qt.AlignmentFlag.AlignLeft
        flags = int(side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute)
        painter.drawText(mirrored(rect, self.rect(), rtl=rtl), flags | _WRAP, text)

    def _measured(self, width: int) -> list[_Entry]:
        sentence, detail = QFontMetrics(self._sentence_font()), QFontMetrics(self._detail_font())
        entries = []
        for words, time in self._entries:
            room = max(40, width - _LEAD - self._time_width(time))
            high = _lines(sentence, words.sentence, room) * Type.ROW.line
            below = _lines(detail, words.detail, max(40, width - _LEAD)) * Type.SMALL.line if words.detail else 0
            entries.append(_Entry(words, time, high, below))
        return entries

    def _time_width(self, time: str) -> int:
        return QFontMetrics(self._time_font()).horizontalAdvance(time) + Space.SMALL + 1

    def _sentence_font(self) -> QFont:
        return self._look.font(Type.ROW, weight=Weight.SEMIBOLD)

    def _detail_font(self) -> QFont:
        return self._look.font(Type.SMALL)

    def _time_font(self) -> QFont:
        return self._look.font(Type.SMALL, figures=True)

    def _is_rtl(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft


def _lines(metrics: QFontMetrics, text: str, width: int) -> int:
    high = metrics.boundingRect(0, 0, width, 10_000, _WRAP, text).height()
    return max(1, round(high / metrics.lineSpacing()))
