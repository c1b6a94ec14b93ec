"""A flat button of the header: icon and word, or the icon alone where there is no room."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from optty_desktop.ui.buttons import is_plain_enter
from optty_desktop.ui.shapes import draw_icon
from optty_desktop.ui.shown_text import safe_tooltip
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, IconSize, Space, Type, Weight

_TAB_LINE = 3
_DOT = 8


class HeaderButton(QPushButton):
    """Its accessible name is its word, shown or not; without the word it has a tooltip."""

    def __init__(self, look: Look, icon: str, text: str, name: str, parent: QWidget, *, is_tab: bool = False) -> None:
        # Not with its text: among the forms that take one is that for an icon, whose class is slow to set up.
        super().__init__(parent)
        self.setText(text)
        self._look = look
        self._icon_name = icon
        self._is_tab = is_tab
        self._has_word = True
        self._hint = ""
        self.setObjectName(name)
        self.setAccessibleName(text)
        self.setAutoDefault(False)
        self.setCheckable(is_tab)
        self.setFont(look.font(Type.BODY, weight=Weight.SEMIBOLD if is_tab else Weight.MEDIUM))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setProperty("ringInside", True)

    def set_word_shown(self, shown: bool) -> None:
        """Shows icon and word, or the icon alone."""
        self._has_word = shown
        self._tell()
        self.updateGeometry()

    def set_hint(self, words: str) -> None:
        """Marks it with a dot, since there is something to see behind it; without words it is as before."""
        self._hint = words
        self.setAccessibleDescription(words)
        self._tell()

    def width_needed(self, *, has_word: bool) -> int:
        """How wide it is with its word, or without."""
        word = QFontMetrics(self.font()).horizontalAdvance(self.text()) + Space.SMALL if has_word else 0
        return max(IconSize.BUTTON + word + 2 * (Space.PANE if self._is_tab else Space.ROW), Height.HIT)

    def sizeHint(self) -> QSize:
        """Icon, gap, word."""
        return QSize(self.width_needed(has_word=self._has_word), Height.HIT)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Repaint for the hover look."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Repaint for the resting look."""
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it."""
        if is_plain_enter(event):
            self.click()
            return
        super().keyPressEvent(event)

    def _tell(self) -> None:
        """Its word is in the tooltip while it is not shown, and the hint as long as there is one."""
        self.setToolTip(safe_tooltip(self._hint) if self._hint else "" if self._has_word else self.text())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Icon and word; the current tab has an accent line below, the current tool a tinted ground."""
        painter = QPainter(self)
        look, rect = self._look, self.rect()
        is_current = self.isChecked()
        token = "accent" if is_current else "text_muted" if self._is_tab else "text"
        if is_current and not self._is_tab:
            painter.fillRect(rect, look.color("selection"))
        elif self.underMouse() or self.isDown():
            painter.fillRect(rect, look.color("surface_alt"))
        edge = Space.PANE if self._is_tab else Space.ROW
        inside = rect.adjusted(edge, 0, -edge, 0) if self._has_word else rect
        is_rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        icon_x = inside.right() + 1 - IconSize.BUTTON if is_rtl else inside.left()
        if not self._has_word:
            icon_x = rect.center().x() + 1 - IconSize.BUTTON // 2
        draw_icon(painter, look, self._icon_name, token, icon_x, rect.center().y(), IconSize.BUTTON)
        if self._has_word:
            painter.setFont(self.font())
            painter.setPen(look.color(token))
            step = IconSize.BUTTON + Space.SMALL
            words = inside.adjusted(0, 0, -step, 0) if is_rtl else inside.adjusted(step, 0, 0, 0)
            side = Qt.AlignmentFlag.AlignRight if is_rtl else Qt.AlignmentFlag.AlignLeft
            painter.drawText(words, side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute, self.text())
        if self._hint:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("info"))
            dot_x = icon_x if is_rtl else icon_x + IconSize.BUTTON - _DOT // 2
            painter.drawEllipse(dot_x, rect.center().y() - IconSize.BUTTON // 2 - _DOT // 4, _DOT, _DOT)
        if is_current and self._is_tab:
            painter.fillRect(QRect(0, rect.height() - _TAB_LINE, rect.width(), _TAB_LINE), look.color("accent"))
        painter.end()
