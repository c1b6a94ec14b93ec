"""A quiet button as low as the footer of the table: an icon and, where there is room, its words."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from optty_desktop.ui.buttons import is_plain_enter
from optty_desktop.ui.shapes import draw_box, draw_icon, mirrored
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, IconSize, Radius, Space, Type, Weight


class FooterButton(QPushButton):
    """Without its words it carries them as tooltip; screen readers always hear them."""

    def __init__(self, look: Look, name: str, icon: str, words: str, parent: QWidget) -> None:
        super().__init__(words, parent)
        self._look = look
        self._icon_name = icon
        self._is_compact = False
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setAutoDefault(False)
        # A click must not take the keyboard from where people type or choose rows.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def is_compact(self) -> bool:
        """Whether only the icon is seen."""
        return self._is_compact

    def set_compact(self, is_compact: bool) -> None:
        """Show only the icon, or the words too."""
        if is_compact != self._is_compact:
            self._is_compact = is_compact
            self.setToolTip(self.text() if is_compact else "")
            self.updateGeometry()
            self.update()

    def width_when(self, *, compact: bool) -> int:
        """How wide it is in that form."""
        if compact:
            return Height.HIT
        words = QFontMetrics(self._words_font()).horizontalAdvance(self.text()) + 2
        return 2 * Space.FIELD + IconSize.CHIP + Space.SMALL + words

    def sizeHint(self) -> QSize:
        """As high as the footer."""
        return QSize(self.width_when(compact=self._is_compact), Height.FOOTER)

    def minimumSizeHint(self) -> QSize:
        """The words are never cut."""
        return self.sizeHint()

    def focus_ring_rect(self) -> QRect:
        """The ring stays within: outside it would lie on what stands beside the button."""
        return self.rect().adjusted(Space.TIGHT, Space.TIGHT, -Space.TIGHT, -Space.TIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does."""
        if is_plain_enter(event):
            if not event.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Icon and words, on a tint while the pointer is over it."""
        painter = QPainter(self)
        if self.isDown() or self.underMouse():
            draw_box(painter, self.focus_ring_rect(), Radius.FIELD, fill=self._look.color("selection"), border=None)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        size, middle = IconSize.CHIP, self.height() // 2
        left = (self.width() - size) // 2 if self._is_compact else Space.FIELD
        icon = mirrored(QRect(left, 0, size, self.height()), self.rect(), rtl=rtl)
        draw_icon(painter, self._look, self._icon_name, "accent", icon.left(), middle, size)
        if not self._is_compact:
            lead = Space.FIELD + size + Space.SMALL
            room = mirrored(QRect(lead, 0, self.width() - lead, self.height()), self.rect(), rtl=rtl)
            painter.setFont(self._words_font())
            painter.setPen(self._look.color("accent"))
            side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
            centre = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
            painter.drawText(room, int(side | centre), self.text())
        painter.end()

    def _words_font(self) -> QFont:
        return self._look.font(Type.SMALL, weight=Weight.SEMIBOLD)
