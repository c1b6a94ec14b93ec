"""The ring round whatever has the keyboard: 2 px, outside a 2 px gap, drawn outside the widget itself."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QScrollArea, QWidget
from shiboken6 import isValid

from optty_desktop.ui.shapes import draw_box
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Radius

_GAP = 2
_WIDTH = 2
_OUTSET = _GAP + _WIDTH


class FocusRing(QWidget):
    """One per window. Follows the focus inside `window`, also through scroll areas, and takes no clicks.

    A widget may say where its ring belongs with `focus_ring_rect() -> QRect` in its own coordinates, and set the
    property `ringInside` when it touches the edge of the window, so that the ring is drawn within it. What scrolls (a
    table) is taken to touch it, unless the property says otherwise.
    """

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self._look = look
        self._window = window
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)
        self._follow(QApplication.focusWidget())

    @property
    def target(self) -> QWidget | None:
        """The widget the ring is round, if any."""
        return self._target

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keeps the ring round its target while the layout moves."""
        kind = QEvent.Type
        if event.type() in (kind.Move, kind.Resize, kind.Show, kind.Hide, kind.ParentChange):
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ring."""
        painter = QPainter(self)
        draw_box(painter, self.rect(), self._radius(), fill=None, border=self._look.color("focus"), width=_WIDTH)
        painter.end()

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        self._follow(now)

    def _follow(self, widget: QWidget | None) -> None:
        for watched in self._watched:
            if isValid(watched):
                watched.removeEventFilter(self)
        self._watched = []
        self._target = self._target_of(widget)
        if self._target is None:
            self.hide()
            return
        host = self._host(self._target)
        if self.parentWidget() is not host:
            self.setParent(host)
        step: QWidget | None = self._target
        while step is not None and step is not host:
            step.installEventFilter(self)
            self._watched.append(step)
            step = step.parentWidget()
        self._place()

    def _target_of(self, widget: QWidget | None) -> QWidget | None:
        if widget is None or widget.window() is not self._window or widget is self._window:
            return None
        return widget.focusProxy() or widget

    def _host(self, target: QWidget) -> QWidget:
        """The content of the innermost scroll area, so that the ring scrolls and is cut with it; else the window."""
        step = target.parentWidget()
        while step is not None and step is not self._window:
            viewport = step.parentWidget()
            area = viewport.parentWidget() if viewport is not None else None
            if isinstance(area, QScrollArea) and area.widget() is step:
                return step
            step = viewport
        return self._window

    def _place(self) -> None:
        target = self._target
        host = self.parentWidget()
        if target is None or host is None or not isValid(target) or not target.isVisible():
            self.hide()
            return
        given = getattr(target, "focus_ring_rect", None)
        # What has scrolled out of the target is not to be ringed.
        local: QRect = given().intersected(target.rect()) if given is not None else target.rect()
        if local.isEmpty():
            self.hide()
            return
        out = 0 if self._is_inside() else _OUTSET
        corner = target.mapTo(host, local.topLeft())
        self.setGeometry(QRect(corner, local.size()).adjusted(-out, -out, out, out))
        self.raise_()
        self.show()
        self.update()

    def _radius(self) -> int:
        if self._is_inside():
            return 0
        short = min(self.width(), self.height())
        given = self._target.property("ringRadius") if self._target is not None else None
        return min(int(given) if given is not None else Radius.FIELD + _OUTSET - 1, short // 2)

    def _is_inside(self) -> bool:
        target = self._target
        if target is None:
            return False
        wished = target.property("ringInside")
        return bool(wished) if wished is not None else isinstance(target, QAbstractScrollArea)
