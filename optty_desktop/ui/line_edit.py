"""A line to type in, painted from tokens, with room for an icon before and a control or key hint after the text."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFocusEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from optty_desktop.ui.shapes import draw_box, draw_icon, draw_key_hint, key_hint_width
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, IconSize, Radius, Space, Type

_PADDING = 11
"""Qt adds 2 px of its own on either side of the text."""


class LineEdit(QLineEdit):
    """One line of text, 44 px high. `left` tells that the cursor went to another control."""

    left = Signal()

    def __init__(
        self,
        look: Look,
        placeholder: str = "",
        parent: QWidget | None = None,
        *,
        icon: str | None = None,
        shortcut_hint: str | None = None,
        height: int = Height.FIELD,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._icon_name = icon
        self._hint = shortcut_hint
        self.setFixedHeight(height)
        self._trailing: QWidget | None = None
        self._is_wrong = False
        self.setFrame(False)
        self.setFont(look.font(Type.BODY))
        self.setPlaceholderText(placeholder)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        clear_base(self)
        self._lay_out()

    @property
    def is_wrong(self) -> bool:
        """Whether the border says that something is to be corrected."""
        return self._is_wrong

    def set_wrong(self, wrong: bool) -> None:
        """Draws the strong red border and an icon inside the trailing edge, or the usual border."""
        if wrong != self._is_wrong:
            self._is_wrong = wrong
            self._lay_out()
            self.update()

    def set_trailing(self, widget: QWidget) -> None:
        """Puts a control of 44 px inside the trailing edge."""
        widget.setParent(self)
        widget.setCursor(Qt.CursorShape.ArrowCursor)
        self._trailing = widget
        self._lay_out()

    def minimumSizeHint(self) -> QSize:
        """A line may get narrow."""
        return QSize(Height.HIT * 2, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the trailing control at its edge."""
        super().resizeEvent(event)
        self._lay_out()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Says that the line was left, unless only the window or a list came in front."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self.left.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Qt's menu to cut, copy and paste, dressed like the others."""
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._look.sheet(menu)
        menu.popup(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, then the text by Qt, then icon and hint."""
        painter = QPainter(self)
        self._paint_box(painter)
        painter.end()
        super().paintEvent(event)
        painter = QPainter(self)
        self._paint_extras(painter)
        painter.end()

    def _paint_box(self, painter: QPainter) -> None:
        color, thin = self._look.color, self._look.theme.border
        fill, border, width = color("surface"), color("control_border"), thin
        if self.isReadOnly():
            fill = color("surface_alt")
        if not self.isEnabled():
            fill, border = color("surface_alt"), color("divider")
        elif self._is_wrong:
            border, width = color("danger"), 2
        elif self.hasFocus():
            border, width = color("focus"), 2
        elif self.underMouse():
            border = color("text")
        draw_box(painter, self.rect(), Radius.FIELD, fill=fill, border=border, width=width)

    def _paint_extras(self, painter: QPainter) -> None:
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        middle = self.height() // 2
        if self._icon_name:
            x = self.width() - Space.ROW - IconSize.TOOL if rtl else Space.ROW
            draw_icon(painter, self._look, self._icon_name, "text_muted", x, middle, IconSize.TOOL)
        if self._shows_error_icon():
            x = Space.ROW if rtl else self.width() - Space.ROW - IconSize.BUTTON
            draw_icon(painter, self._look, "circle-x", "danger", x, middle, IconSize.BUTTON)
        elif self._shows_hint() and self._hint:
            width = key_hint_width(self._look, self._hint)
            x = Space.ROW if rtl else self.width() - Space.ROW - width
            draw_key_hint(painter, self._look, self._hint, x, middle, "text_muted")

    def _lay_out(self) -> None:
        lead = _PADDING + (IconSize.TOOL + Space.CLOSE if self._icon_name else 0)
        trail = _PADDING
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        if self._trailing is not None:
            trail = Height.HIT
            top = (self.height() - self._trailing.height()) // 2
            self._trailing.move(0 if rtl else self.width() - self._trailing.width() - 1, top)
        elif self._shows_error_icon():
            trail += IconSize.BUTTON + Space.CLOSE
        elif self._shows_hint() and self._hint:
            trail += key_hint_width(self._look, self._hint) + Space.CLOSE
        left, right = (trail, lead) if rtl else (lead, trail)
        margins = self.textMargins()
        if (margins.left(), margins.right()) != (left, right):
            self.setTextMargins(left, 0, right, 0)

    def _shows_error_icon(self) -> bool:
        return self._is_wrong and self._trailing is None

    def _shows_hint(self) -> bool:
        return self._hint is not None and self.width() > 260


def clear_base(widget: QWidget) -> None:
    """Lets the painted box of `widget` show through the background Qt would fill."""
    palette = widget.palette()
    palette.setColor(QPalette.ColorRole.Base, QColor(0, 0, 0, 0))
    widget.setPalette(palette)
