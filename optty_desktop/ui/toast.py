"""A toast says in one line that something worked. It takes the place of the footer, so it covers no control."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QEnterEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QSizePolicy, QWidget

from optty_desktop.ui.buttons import is_plain_enter
from optty_desktop.ui.elided_label import ElidedLabel
from optty_desktop.ui.icon_view import IconView
from optty_desktop.ui.shapes import draw_icon
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, IconSize, Space, Type, Weight
from optty_desktop.ui.words import tr

SHOWN_MS = 6_000
SHOWN_WITH_ACTION_MS = 10_000
POINTED_AT_MOST_MS = 12_000
"""A pointer that rests on it may have been left there: it does not keep the notice for ever."""


@dataclass(frozen=True, slots=True)
class _Notice:
    text: str
    action: str | None
    on_action: Callable[[], object] | None
    topic: str = ""


class Toast(QWidget):
    """One notice at a time, the others wait. `shown_changed` tells whether the footer is covered.

    `timer` counts the time on the screen; a test may give its own.
    """

    shown_changed = Signal(bool)

    def __init__(self, look: Look, timer: QTimer | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._queue: deque[_Notice] = deque()
        self._notice: _Notice | None = None
        self._is_pointed = False
        self._timer = timer if timer is not None else QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self.setObjectName("toast")
        self.setFixedHeight(Height.FOOTER)
        self._icon = IconView(look, "circle-check", "surface", IconSize.BUTTON, self)
        self._text = ElidedLabel(look, ink="surface", parent=self)
        self._text.setFont(look.font(Type.ROW, weight=Weight.MEDIUM))
        self._text.setObjectName("toastText")
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._action = _ToastButton(look, "toastActionButton", "", self)
        self._close = _ToastButton(look, "toastCloseButton", "x", self)
        self._close.setToolTip(tr("Close message (Esc)"))
        self._close.setAccessibleName(tr("Close message"))
        self._action.clicked.connect(self._on_action_clicked)
        self._close.clicked.connect(self._on_timeout)
        self._lay_out()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    @property
    def is_showing(self) -> bool:
        """Whether a notice is on the screen."""
        return self._notice is not None

    def text(self) -> str:
        """The notice on the screen, empty while there is none."""
        return self._notice.text if self._notice is not None else ""

    def show_text(self, text: str, action: str | None = None, on_action: Callable[[], object] | None = None) -> None:
        """Show `text`, with a button `action` if there is one, now or after the notices before it."""
        self._queue.append(_Notice(text, action, on_action))
        if self._notice is None:
            self._show_next()

    def show_newest(self, text: str, topic: str) -> None:
        """Show `text` in the place of an older notice of this topic, shown or waiting; else like any other."""
        notice = _Notice(text, None, None, topic)
        if self._notice is not None and self._notice.topic == topic:
            self._put(notice)
            return
        for place, waiting in enumerate(self._queue):
            if waiting.topic == topic:
                self._queue[place] = notice
                return
        self._queue.append(notice)
        if self._notice is None:
            self._show_next()

    def has(self, topic: str) -> bool:
        """Whether a notice of this topic is shown or waits."""
        shown = self._notice is not None and self._notice.topic == topic
        return shown or any(waiting.topic == topic for waiting in self._queue)

    def dismiss(self) -> bool:
        """Close the notice on the screen; False where there is none."""
        was_showing = self.is_showing
        self._show_next()
        return was_showing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the notice."""
        if event.key() != Qt.Key.Key_Escape or not self.dismiss():
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """While the pointer is on it, it stays longer."""
        super().enterEvent(event)
        self._is_pointed = True
        self._time()

    def leaveEvent(self, event: QEvent) -> None:
        """Its time begins anew."""
        super().leaveEvent(event)
        self._is_pointed = False
        self._time()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The inverse ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("text"))
        painter.end()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.ROW, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._icon)
        row.addSpacing(Space.PANE)
        row.addWidget(self._text, 1)
        row.addWidget(self._action)
        row.addWidget(self._close)

    def _show_next(self) -> None:
        if self._queue:
            self._put(self._queue.popleft())
            return
        was_showing, self._notice = self._notice is not None, None
        self._timer.stop()
        if was_showing:
            self.shown_changed.emit(False)

    def _put(self, notice: _Notice) -> None:
        """Put it on the screen, also in the place of another."""
        was_showing, self._notice = self._notice is not None, notice
        self._text.setText(notice.text)
        self._action.setText(notice.action or "")
        self._action.setVisible(notice.action is not None)
        self._time()
        if not was_showing:
            self.shown_changed.emit(True)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, notice.text))

    def _time(self) -> None:
        """Count down while no key can reach it; longer while the pointer is on it."""
        if self._notice is None:
            return
        if self._action.hasFocus() or self._close.hasFocus():
            self._timer.stop()
        elif self._is_pointed:
            self._timer.start(POINTED_AT_MOST_MS)
        else:
            self._timer.start(SHOWN_MS if self._notice.action is None else SHOWN_WITH_ACTION_MS)

    def _on_timeout(self) -> None:
        self._show_next()

    def _on_action_clicked(self) -> None:
        notice = self._notice
        self._show_next()
        if notice is not None and notice.on_action is not None:
            notice.on_action()

    def _on_focus_changed(self, old: QWidget | None, now: QWidget | None) -> None:
        ours = (self._action, self._close)
        if old in ours or now in ours:
            self._time()


class _ToastButton(QAbstractButton):
    """A word or an icon on the inverse ground, 36 px high because the footer is."""

    def __init__(self, look: Look, name: str, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._icon_name = icon
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFont(look.font(Type.ROW))
        self.setProperty("ringInside", True)

    def sizeHint(self) -> QSize:
        """At least 44 px wide."""
        words = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return QSize(max(Height.HIT, words + 2 * Space.PANE), Height.FOOTER)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the focused button, as Space does."""
        if is_plain_enter(event) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Word or icon."""
        painter = QPainter(self)
        if self._icon_name:
            size = IconSize.BUTTON
            left = (self.width() - size) // 2
            draw_icon(painter, self._look, self._icon_name, "surface", left, self.height() // 2, size)
        painter.setFont(self.font())
        painter.setPen(self._look.color("surface"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()
