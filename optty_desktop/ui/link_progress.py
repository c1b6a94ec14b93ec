"""How far a link has come, as a line of four steps: created, e-mailed, what the customer does, paid."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.ui.shapes import draw_box, draw_icon, mirrored
from optty_desktop.ui.state_look import STATE_LOOKS, state_word
from optty_desktop.ui.theme import Look
from optty_desktop.ui.times import clock_time
from optty_desktop.ui.tokens import Space, Type, Weight
from optty_desktop.ui.words import tr

_CIRCLE = 22
_HEIGHT = 58
_LINE_GAP = 16
_SHORTEST_LINE = 12


class Mark(Enum):
    """How a step is drawn."""

    DONE = "done"
    NOW = "now"
    STOPPED = "stopped"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its word, a second line, how it is drawn, and for STOPPED the state that stopped it."""

    word: str
    detail: str
    mark: Mark
    state: LinkState | None = None


def steps_of(link: PaymentLink, *, is_emailed: bool, is_checked: bool) -> tuple[Step, ...]:
    """The steps of `link`.

    `is_emailed`: the service was asked to e-mail it. `is_checked`: states are being read, which takes
    the name of the order.
    """
    created = clock_time(link.created_at)
    steps = [Step(tr("Created"), created, Mark.DONE)]
    if is_emailed:
        steps.append(Step(tr("E-mailed"), created, Mark.DONE))
    return (*steps, *_last_steps(link, _watched(link, is_checked=is_checked)))


def _watched(link: PaymentLink, *, is_checked: bool) -> str:
    if link.order_reference is None:
        return tr("not checked")
    return tr("checking live") if is_checked else tr("not checked now")


def _last_steps(link: PaymentLink, watched: str) -> tuple[Step, ...]:
    paid = Step(tr("Paid"), "", Mark.AHEAD)
    if link.is_unconfirmed:
        said = tr("reported, not confirmed") if link.is_reported_paid else tr("set by hand")
        return (Step(state_word(link.state), said, Mark.STOPPED, link.state),)
    match link.state:
        case LinkState.PENDING:
            return Step(tr("Not started yet"), watched, Mark.NOW), paid
        case LinkState.IN_PROGRESS:
            return Step(tr("In progress"), watched, Mark.NOW), paid
        case LinkState.DECLINED:
            return Step(tr("Declined"), tr("can try again"), Mark.STOPPED, link.state), paid
        case LinkState.PAID:
            at = clock_time(link.paid_at or link.changed_at)
            return Step(tr("Started"), "", Mark.DONE), Step(tr("Paid"), at, Mark.DONE)
    end = Step(state_word(link.state), clock_time(link.changed_at), Mark.STOPPED, link.state)
    if link.paid is None:
        return end, paid
    return Step(tr("Paid"), clock_time(link.paid_at) if link.paid_at else "", Mark.DONE), end


class LinkProgress(QWidget):
    """Paints the steps and reads them out as one sentence."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._steps: tuple[Step, ...] = ()
        self.setObjectName("linkProgress")
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps shown."""
        return self._steps

    def set_steps(self, steps: tuple[Step, ...]) -> None:
        """Shows `steps` from the leading to the trailing edge."""
        if steps == self._steps:
            return
        self._steps = steps
        read = [" ".join(filter(None, (step.word, step.detail))) for step in steps if step.mark is not Mark.AHEAD]
        self.setAccessibleName(", ".join(read))
        self.update()

    def minimumSizeHint(self) -> QSize:
        """The lines between the steps may get short."""
        words = sum(self._step_width(step) for step in self._steps)
        lines = max(0, len(self._steps) - 1) * (_SHORTEST_LINE + 2 * Space.TIGHT)
        return QSize(words + lines, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Circles and words, with lines between them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        widths = [self._step_width(step) for step in self._steps]
        joints = max(1, len(widths) - 1)
        free = max(0, self.width() - sum(widths)) // joints
        x = 0
        for place, (step, width) in enumerate(zip(self._steps, widths, strict=True)):
            self._paint_step(painter, step, self._turned(QRect(x, 0, width, self.height())))
            x += width
            if place + 1 < len(widths):
                following = self._steps[place + 1]
                self._paint_line(painter, self._turned(QRect(x, 0, free, self.height())), following)
                x += free
        painter.end()

    def _paint_line(self, painter: QPainter, room: QRect, following: Step) -> None:
        gap = _LINE_GAP if room.width() > 3 * _LINE_GAP else Space.TIGHT
        token = "divider" if following.mark is Mark.AHEAD else "success"
        painter.setPen(QPen(self._look.color(token), 2))
        middle = room.center().y() + 1
        painter.drawLine(QPoint(room.left() + gap, middle), QPoint(room.right() - gap, middle))

    def _paint_step(self, painter: QPainter, step: Step, room: QRect) -> None:
        circle = mirrored(
            QRect(room.left(), (room.height() - _CIRCLE) // 2, _CIRCLE, _CIRCLE), room, rtl=self._is_rtl()
        )
        self._paint_circle(painter, step, circle)
        words = mirrored(room.adjusted(_CIRCLE + Space.SMALL, 0, 0, 0), room, rtl=self._is_rtl())
        is_ahead = step.mark is Mark.AHEAD
        painter.setPen(self._look.color("text_muted" if is_ahead else "text"))
        painter.setFont(self._word_font(step))
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
        if not step.detail:
            painter.drawText(words, int(side), step.word)
            return
        middle = room.center().y()
        painter.drawText(QRect(words.left(), middle - 17, words.width(), 18), int(side), step.word)
        painter.setPen(self._look.color("text_muted"))
        painter.setFont(self._look.font(Type.SMALL, figures=True))
        painter.drawText(QRect(words.left(), middle, words.width(), 18), int(side), step.detail)

    def _paint_circle(self, painter: QPainter, step: Step, circle: QRect) -> None:
        color = self._look.color
        middle = circle.center().y() + 1
        if step.mark is Mark.DONE:
            draw_box(painter, circle, _CIRCLE // 2, fill=color("success"), border=None)
            draw_icon(painter, self._look, "check", "surface", circle.left() + 4, middle, 14)
        elif step.mark is Mark.STOPPED and step.state is not None:
            looks = STATE_LOOKS[step.state]
            draw_icon(painter, self._look, looks.icon, looks.color, circle.left(), middle, _CIRCLE)
        else:
            token = "accent" if step.mark is Mark.NOW else "control_border"
            draw_box(painter, circle, _CIRCLE // 2, fill=None, border=color(token), width=2)

    def _step_width(self, step: Step) -> int:
        word = QFontMetrics(self._word_font(step)).horizontalAdvance(step.word)
        detail = QFontMetrics(self._look.font(Type.SMALL, figures=True)).horizontalAdvance(step.detail)
        return _CIRCLE + Space.SMALL + max(word, detail) + 1

    def _word_font(self, step: Step) -> QFont:
        return self._look.font(Type.ROW, weight=Weight.REGULAR if step.mark is Mark.AHEAD else Weight.SEMIBOLD)

    def _turned(self, rect: QRect) -> QRect:
        return mirrored(rect, self.rect(), rtl=self._is_rtl())

    def _is_rtl(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft
