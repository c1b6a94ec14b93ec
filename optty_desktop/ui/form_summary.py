"""The line above the Create button: what stands in the way, with a link to each field."""

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from optty_desktop.core.drafts import DraftField
from optty_desktop.ui.buttons import is_plain_enter
from optty_desktop.ui.field_words import field_label
from optty_desktop.ui.shapes import draw_icon, mirrored
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import IconSize, Space, Type, Weight
from optty_desktop.ui.words import tr, tr_n

_LINE = 20
_GAP = 4


class Tone(StrEnum):
    """ERROR is red with a cross; HINT is quiet with an i."""

    ERROR = "error"
    HINT = "hint"


_TONES = {Tone.ERROR: ("circle-x", "danger"), Tone.HINT: ("info", "text_muted")}


class FieldLink(QPushButton):
    """The name of a field, underlined; pressing it goes there."""

    def __init__(self, look: Look, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self._look = look
        font = look.font(Type.SMALL, weight=Weight.MEDIUM)
        font.setUnderline(True)
        self.setFont(font)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(QFontMetrics(font).horizontalAdvance(text) + 1, _LINE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it."""
        if is_plain_enter(event):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The name."""
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self._look.color("danger"))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
        painter.end()


class FormSummary(QLabel):
    """`text()` is the whole sentence in plain text. The links in it are buttons, laid over the painted words."""

    chosen = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._tone = Tone.ERROR
        self._lead = ""
        self._links: list[FieldLink] = []
        self._fields: tuple[DraftField, ...] = ()
        self.setObjectName("formErrorLabel")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(look.font(Type.SMALL, weight=Weight.MEDIUM))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    @property
    def fields(self) -> tuple[DraftField, ...]:
        """The fields that are linked."""
        return self._fields

    def show_fields(self, fields: Sequence[DraftField]) -> None:
        """Says how many things are to be put right and names their fields; nothing for none."""
        if not fields:
            self.clear()
            return
        lead = tr_n("Fix {n} thing to continue:", "Fix {n} things to continue:", len(fields))
        self._fill(lead, tuple(fields), Tone.ERROR)

    def show_text(self, text: str, tone: Tone = Tone.ERROR) -> None:
        """Says one sentence."""
        self._fill(text, (), tone)

    def clear(self) -> None:
        """Takes the line away."""
        self._fill("", (), Tone.ERROR)

    def hasHeightForWidth(self) -> bool:
        """A long sentence takes several lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all lines."""
        return self._arrange(width, place=False)

    def sizeHint(self) -> QSize:
        """As high as the present width needs."""
        return QSize(200, self.heightForWidth(max(self.width(), 200)))

    def minimumSizeHint(self) -> QSize:
        """At the present width."""
        return QSize(Space.WIDE, self.heightForWidth(max(self.width(), 200)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lays the links out anew."""
        super().resizeEvent(event)
        self._arrange(self.width(), place=True)
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Icon and sentence; the links paint themselves."""
        painter = QPainter(self)
        icon, ink = _TONES[self._tone]
        x = self.width() - IconSize.CHIP if self._is_rtl() else 0
        draw_icon(painter, self._look, icon, ink, x, _LINE // 2, IconSize.CHIP)
        painter.setFont(self.font())
        painter.setPen(self._look.color(ink))
        painter.drawText(self._lead_rect(self.width()), self._flags(), self._lead)
        painter.end()

    def _fill(self, lead: str, fields: tuple[DraftField, ...], tone: Tone) -> None:
        self._lead, self._tone = lead, tone
        if fields != self._fields:
            self._fields = fields
            self._make_links()
        names = ", ".join(link.text() for link in self._links)
        self.setText(" ".join(filter(None, (lead, names))))
        self.setAccessibleName(self.text())
        self.setVisible(bool(lead))
        self._arrange(self.width(), place=True)
        self.updateGeometry()
        self.update()

    def _make_links(self) -> None:
        for link in self._links:
            link.hide()
            link.deleteLater()
        self._links = []
        for field in self._fields:
            link = FieldLink(self._look, field_label(field), self)
            link.setObjectName(f"{field.value}FixLink")
            link.setAccessibleName(tr("Go to {field}", field=field_label(field)))
            link.setProperty("draftField", field.value)
            link.clicked.connect(self._on_clicked)
            link.show()
            self._links.append(link)

    def _on_clicked(self) -> None:
        link = self.sender()
        if isinstance(link, FieldLink):
            self.chosen.emit(DraftField(link.property("draftField")))

    def _arrange(self, width: int, *, place: bool) -> int:
        lead = self._lead_rect(width)
        if not self._links:
            return max(_LINE, lead.height())
        metrics = QFontMetrics(self.font())
        left, y = IconSize.CHIP + Space.CLOSE, 0
        x = left + metrics.horizontalAdvance(self._lead) + _GAP
        for link in self._links:
            if x + link.width() > width and x > left:
                x, y = left, y + _LINE
            if place:
                spot = mirrored(QRect(QPoint(x, y), link.size()), QRect(0, 0, width, _LINE), rtl=self._is_rtl())
                link.move(spot.x(), y)
            x += link.width() + 2 * _GAP
        return y + _LINE

    def _lead_rect(self, width: int) -> QRect:
        left = IconSize.CHIP + Space.CLOSE
        room = QRect(left, 1, max(1, width - left), 1000)
        used = QFontMetrics(self.font()).boundingRect(room, self._flags(), self._lead)
        rect = QRect(left, 1, room.width(), used.height() + 2)
        return mirrored(rect, QRect(0, 0, width, 1000), rtl=self._is_rtl())

    def _flags(self) -> int:
        side = Qt.AlignmentFlag.AlignRight if self._is_rtl() else Qt.AlignmentFlag.AlignLeft
        place = side | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignAbsolute
        return int(place) | int(Qt.TextFlag.TextWordWrap)

    def _is_rtl(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft
