"""The list of the settings: one section is open. A column on the leading side, a row on top in a narrow window."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from optty_desktop.ui.shapes import draw_icon, mirrored
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, IconSize, Space, Type, Weight

WIDTH = 236
_BAR = 3
_TOP = 10


class _Entry(QAbstractButton):
    """One section: icon and word. The open one is tinted, with a bar at its leading edge or below it."""

    def __init__(self, look: Look, icon: str, text: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._icon = icon
        self.is_tab = False
        self.setText(text)
        self.setObjectName(name)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFont(look.font(Type.BODY, weight=Weight.SEMIBOLD))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setProperty("ringInside", True)

    def sizeHint(self) -> QSize:
        """Icon, gap, word."""
        words = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return QSize(2 * Space.PANE + IconSize.TOOL + Space.ROW + words + 1, Height.HIT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, bar, icon, word."""
        painter = QPainter(self)
        look, rect, is_open = self._look, self.rect(), self.isChecked()
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        ground = "selection" if is_open else "surface_alt" if self.underMouse() else "surface"
        painter.fillRect(rect, look.color(ground))
        if is_open:
            below = QRect(0, rect.height() - _BAR, rect.width(), _BAR)
            beside = mirrored(QRect(0, 0, _BAR, rect.height()), rect, rtl=rtl)
            painter.fillRect(below if self.is_tab else beside, look.color("accent"))
        room = rect.width() - self.sizeHint().width()
        start = Space.PANE + (max(0, room // 2) if self.is_tab else 0)
        icon = mirrored(QRect(start, 0, IconSize.TOOL, rect.height()), rect, rtl=rtl)
        token = "accent" if is_open else "text"
        draw_icon(painter, look, self._icon, token, icon.left(), rect.center().y(), IconSize.TOOL)
        font = look.font(Type.BODY, weight=Weight.SEMIBOLD if is_open else Weight.MEDIUM)
        painter.setFont(font)
        painter.setPen(look.color(token))
        words = mirrored(rect.adjusted(start + IconSize.TOOL + Space.ROW, 0, 0, 0), rect, rtl=rtl)
        shown = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading), shown)
        painter.end()


class SettingsNav(QWidget):
    """`chosen` carries the place of a section in the list. Up and Down move in it."""

    chosen = Signal(int)

    def __init__(self, look: Look, entries: Sequence[tuple[str, str, str]], parent: QWidget) -> None:
        """`entries` are icon, word and object name of each section."""
        super().__init__(parent)
        self._look = look
        self.setObjectName("settingsNav")
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._entries = [_Entry(look, *entry, self) for entry in entries]
        for place, entry in enumerate(self._entries):
            entry.clicked.connect(partial(self.chosen.emit, place))
            self._column.addWidget(entry)
        self._column.addStretch(1)
        self._entries[0].setChecked(True)
        self.set_tabs(False)

    @property
    def current(self) -> QWidget:
        """The entry of the open section, where the keyboard goes."""
        return next(entry for entry in self._entries if entry.isChecked())

    def open(self, place: int) -> None:
        """Show which section is open."""
        self._entries[place].setChecked(True)

    def set_tabs(self, are_tabs: bool) -> None:
        """Stand as a row on top, or as a column on the leading side."""
        way = QBoxLayout.Direction.LeftToRight if are_tabs else QBoxLayout.Direction.TopToBottom
        self._column.setDirection(way)
        self._column.setStretch(len(self._entries), 0 if are_tabs else 1)
        self.setMinimumWidth(0 if are_tabs else WIDTH)
        self.setMaximumWidth(16_777_215 if are_tabs else WIDTH)
        for entry in self._entries:
            entry.is_tab = are_tabs
            self._column.setStretchFactor(entry, 1 if are_tabs else 0)
        self.setSizePolicy(
            QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed if are_tabs else QSizePolicy.Policy.Preferred
        )
        self._are_tabs = are_tabs
        self._leave_room()

    def changeEvent(self, event: QEvent) -> None:
        """The hairline stands at the other edge in a mirrored window."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._leave_room()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Surface, and a hairline to the page."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("surface"))
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        line = QRect(0, self.height() - 1, self.width(), 1)
        if not self._are_tabs:
            line = mirrored(QRect(self.width() - 1, 0, 1, self.height()), self.rect(), rtl=rtl)
        painter.fillRect(line, self._look.color("divider"))
        painter.end()

    def _leave_room(self) -> None:
        """For the hairline, and above the first entry. Margins are not mirrored by Qt."""
        if self._are_tabs:
            self._column.setContentsMargins(0, 0, 0, 1)
            return
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self._column.setContentsMargins(int(rtl), _TOP, int(not rtl), 0)
