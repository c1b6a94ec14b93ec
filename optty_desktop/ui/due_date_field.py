"""The due date: a field that opens quick picks, and a calendar for any other day."""

from datetime import datetime, timedelta, tzinfo
from functools import partial

from PySide6.QtCore import QDate, QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QCalendarWidget, QFrame, QSizePolicy, QVBoxLayout, QWidget

from optty_desktop.core.ports import Clock
from optty_desktop.ui.buttons import is_plain_enter
from optty_desktop.ui.due_dates import DuePick, due_at, due_words, end_of_day, in_days, pick_words
from optty_desktop.ui.menu import Menu
from optty_desktop.ui.shapes import draw_box, draw_icon, mirrored
from optty_desktop.ui.theme import Look
from optty_desktop.ui.times import day_short
from optty_desktop.ui.tokens import Height, IconSize, Radius, Space, Type
from optty_desktop.ui.words import tr

_LAST_DAY = timedelta(days=366)


class DueDateField(QAbstractButton):
    """Shows the day the link falls due. Click, Space or Down opens the picks; Enter goes on to the next field.

    Until something is picked it stays `usual_days` ahead, however long the form waits.
    """

    edited = Signal()
    left = Signal()

    def __init__(
        self,
        look: Look,
        clock: Clock,
        parent: QWidget | None = None,
        *,
        usual_days: int = 3,
        zone: tzinfo | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._clock = clock
        self._zone = zone
        self._usual_days = usual_days
        self._chosen: datetime | None = None
        self._is_wrong = False
        self._calendar: DateChooser | None = None
        self._menu = Menu(look, "dueDateQuickPicks", self)
        self.setObjectName("dueDateEdit")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFont(look.font(Type.BODY))
        self.clicked.connect(self.open_picks)
        self.refresh()

    @property
    def is_usual(self) -> bool:
        """Whether nothing was picked."""
        return self._chosen is None

    def due_at(self) -> datetime:
        """The moment the link falls due, UTC."""
        if self._chosen is not None:
            return self._chosen
        return in_days(self._usual_days, self._clock.now(), self._zone)

    def short_text(self) -> str:
        """The day without its year: "24 Mar"."""
        return day_short(self.due_at(), self._zone)

    def problem_text(self) -> str | None:
        """What is wrong with the date, or None."""
        if self.due_at() <= self._clock.now():
            return tr("Choose today or a later date")
        return None

    def set_due(self, due: datetime | None) -> None:
        """Takes a moment (UTC), or None for the usual one."""
        self._chosen = due
        self.refresh()
        self.edited.emit()

    def refresh(self) -> None:
        """Says anew what the date is; the usual one moves with the clock."""
        text = due_words(self.due_at(), self._clock.now(), self._zone)
        if text != self.text():
            self.setText(text)
        self.updateGeometry()
        self.update()

    def set_wrong(self, wrong: bool) -> None:
        """Draws the strong red border, or the usual one."""
        self._is_wrong = wrong
        self.update()

    def open_picks(self) -> None:
        """Opens the quick picks below the field."""
        self._menu.clear()
        now = self._clock.now()
        for pick in DuePick:
            due = due_at(pick, now, self._zone)
            if due <= now:
                continue
            action = self._menu.addAction(f"{pick_words(pick)}\t{due_words(due, now, self._zone)}")
            action.triggered.connect(partial(self._on_picked, due))
        self._menu.addAction(tr("Other date…")).triggered.connect(self._on_other)
        self._menu.setMinimumWidth(self.width())
        self._menu.open_under(self)

    def sizeHint(self) -> QSize:
        """Room for a date and the icon."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2 * Space.ROW + Height.HIT, Height.FIELD)

    def minimumSizeHint(self) -> QSize:
        """Narrow, but never low."""
        return QSize(Height.HIT * 2, Height.FIELD)

    def showEvent(self, event: QShowEvent) -> None:
        """The day may have changed since this was last seen."""
        super().showEvent(event)
        self.refresh()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Says that it was left, unless its own popup opened."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter moves on, Down and F4 open."""
        if is_plain_enter(event):
            self.focusNextChild()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_F4):
            self.open_picks()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A field like any other, with a calendar at its trailing edge."""
        painter = QPainter(self)
        self._paint_box(painter)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        size = IconSize.BUTTON
        words = self.rect().adjusted(Space.ROW + 1, 0, -Space.ROW - size - Space.TIGHT, 0)
        ink = "text" if self.isEnabled() else "text_disabled"
        painter.setFont(self.font())
        painter.setPen(self._look.color(ink))
        room = mirrored(words, self.rect(), rtl=rtl)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        # A date keeps its order in every window.
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), text)
        x = Space.ROW if rtl else self.width() - Space.ROW - size
        draw_icon(painter, self._look, "calendar", "text_muted", x, self.height() // 2, size)
        painter.end()

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

    def _on_picked(self, due: datetime, _checked: bool = False) -> None:
        self.set_due(due)

    def _on_other(self) -> None:
        if self._calendar is None:
            self._calendar = DateChooser(self._look, self)
            self._calendar.chosen.connect(self._on_day_chosen)
        today = self._clock.now().astimezone(self._zone)
        self._calendar.open_below(self, today, self.due_at().astimezone(self._zone))

    def _on_day_chosen(self, chosen: QDate) -> None:
        moment = datetime(chosen.year(), chosen.month(), chosen.day())
        self.set_due(end_of_day(moment.date(), self._zone))
        self.setFocus(Qt.FocusReason.OtherFocusReason)


class DateChooser(QFrame):
    """A calendar in a popup, from today on for a year. The wheel does not turn it."""

    chosen = Signal(QDate)

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._calendar = QCalendarWidget(self)
        self._calendar.setObjectName("dueDateCalendar")
        self._calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self._calendar.setFont(look.font(Type.BODY))
        look.sheet(self._calendar)
        self._calendar.setMinimumSize(7 * Height.HIT, 8 * Height.HIT)
        self._calendar.clicked.connect(self._on_chosen)
        self._calendar.activated.connect(self._on_chosen)
        for part in (self._calendar, *self._calendar.findChildren(QWidget)):
            part.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self._calendar)
        self.setFrameShape(QFrame.Shape.Box)

    def open_below(self, field: QWidget, today: datetime, current: datetime) -> None:
        """Shows the calendar under `field`."""
        first = QDate(today.year, today.month, today.day)
        last = today + _LAST_DAY
        self._calendar.setDateRange(first, QDate(last.year, last.month, last.day))
        self._calendar.setSelectedDate(QDate(current.year, current.month, current.day))
        self.adjustSize()
        self.move(field.mapToGlobal(QPoint(0, field.height())))
        self.show()
        self._calendar.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stops the wheel."""
        return event.type() == QEvent.Type.Wheel

    def _on_chosen(self, chosen: QDate) -> None:
        if self.isVisible():
            self.hide()
            self.chosen.emit(chosen)
