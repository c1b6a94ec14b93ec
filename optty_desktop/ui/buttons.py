"""Push buttons, painted from tokens: one shape, five kinds, an icon and a shortcut hint where wanted."""

from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from optty_desktop.ui.measured import Measured
from optty_desktop.ui.shapes import draw_box, draw_icon, draw_key_hint, key_hint_width
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, IconSize, Radius, Space, Type, Weight

_MAIN_PX = 16
_BURST_MS = 80
"""A person needs longer between a letter and Enter; scanners type all keys within some milliseconds."""
_MIRRORED_ICONS = frozenset({"undo-2", "chevron-left", "chevron-right", "log-out", "delete"})
_WRAP = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)


class ButtonKind(StrEnum):
    """What a button stands for. PRIMARY once per view; DANGER only inside a confirmation."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    DANGER = "danger"
    DANGER_OUTLINE = "danger_outline"
    QUIET = "quiet"


class _Paint(NamedTuple):
    """Tokens of one kind: text, border, and the fill at rest, under the pointer and pressed (None = no fill)."""

    text: str
    border: str | None
    rest: str | None
    hover: str | None
    pressed: str | None


_PAINTS = {
    ButtonKind.PRIMARY: _Paint("on_accent", None, "accent", "accent_hover", "accent_pressed"),
    ButtonKind.SECONDARY: _Paint("text", "control_border", "surface", "surface_alt", "neutral_tint"),
    ButtonKind.DANGER: _Paint("on_danger", None, "danger", "danger", "danger_held"),
    ButtonKind.DANGER_OUTLINE: _Paint("danger", "danger", "surface", "danger_tint", "danger_tint"),
    ButtonKind.QUIET: _Paint("accent", None, None, "selection", "selection"),
}
_DISABLED = _Paint("text_disabled", "divider", "neutral_tint", "neutral_tint", "neutral_tint")
_DISABLED_QUIET = _Paint("text_disabled", None, None, None, None)


def is_plain_enter(event: QKeyEvent) -> bool:
    """Whether `event` is Enter without Ctrl, Alt or Shift."""
    is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return is_enter and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


class Button(QPushButton):
    """A button with a verb on it. `set_busy` shows what is going on and ignores presses until `reset`."""

    def __init__(
        self,
        look: Look,
        text: str,
        kind: ButtonKind = ButtonKind.SECONDARY,
        icon: str | None = None,
        shortcut_hint: str | None = None,
        *,
        main: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        # Not through the constructor: its forms with an icon make Qt set up all of QIcon before the first paint.
        super().__init__(parent)
        self._look = look
        self._kind = kind
        self._icon_name = icon
        self._hint = shortcut_hint
        self._is_main = main
        self._typed_at = -2 * _BURST_MS
        self._text_heights: Measured[int] = Measured()
        self._before_busy: tuple[str, str | None, str | None, bool] | None = None
        # Only the focused button answers Enter; a field must not press one by accident.
        self.setAutoDefault(False)
        # Figures of one width, so that the label keeps still while an amount is typed; they would widen a hyphen.
        self._words = look.font_px(_MAIN_PX if main else Type.BODY.px, Weight.SEMIBOLD)
        self._figures = look.font_px(_MAIN_PX if main else Type.BODY.px, Weight.SEMIBOLD, figures=True)
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def setText(self, text: str) -> None:
        """Changes the label."""
        self._text_heights.forget()
        self.setFont(self._font_for(text))
        super().setText(text)

    @property
    def kind(self) -> ButtonKind:
        """What the button stands for."""
        return self._kind

    @property
    def is_busy(self) -> bool:
        """Whether `set_busy` is in force."""
        return self._before_busy is not None

    def set_kind(self, kind: ButtonKind) -> None:
        """Changes what the button stands for."""
        self._kind = kind
        self.update()

    def set_icon_name(self, icon: str | None) -> None:
        """Changes the icon before the label."""
        self._icon_name = icon
        self.updateGeometry()
        self.update()

    def set_shortcut_hint(self, keys: str | None) -> None:
        """Shows `keys` in a small box after the label, or nothing."""
        self._hint = keys
        self.updateGeometry()
        self.update()

    def set_busy(self, text: str) -> None:
        """Disables the button at once and says what is going on."""
        if self._before_busy is None:
            self._before_busy = (self.text(), self._icon_name, self._hint, self.isEnabled())
        self._icon_name, self._hint = "loader", None
        self.setText(text)
        self.setEnabled(False)

    def reset(self) -> None:
        """Takes back `set_busy`."""
        if self._before_busy is None:
            return
        text, self._icon_name, self._hint, enabled = self._before_busy
        self._before_busy = None
        self.setText(text)
        self.setEnabled(enabled)

    def sizeHint(self) -> QSize:
        """Wide enough for icon, label and hint on one line."""
        width = self._content_width(with_hint=True) + 2 * self._padding()
        return QSize(max(width, Height.HIT), self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Wide enough for the longest word; the label then takes several lines."""
        words = self._label().split() or [""]
        metrics = QFontMetrics(self.font())
        widest = max(metrics.horizontalAdvance(word) for word in words)
        return QSize(max(widest + self._icon_width() + 2 * self._padding(), Height.HIT), self._height())

    def changeEvent(self, event: QEvent) -> None:
        """In another font the label breaks elsewhere."""
        self._text_heights.forget()
        super().changeEvent(event)

    def hasHeightForWidth(self) -> bool:
        """The button grows in height when its label needs more than one line."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height that shows the whole label at `width`."""
        room = max(1, width - 2 * self._padding() - self._icon_width())
        return max(self._height(), self._text_height(room) + 2 * Space.SMALL)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the focused button, as Space does; the Enter that ends a scanner's burst presses nothing."""
        if is_plain_enter(event):
            if not event.isAutoRepeat() and event.timestamp() - self._typed_at > _BURST_MS:
                self.click()
            return
        if event.text().strip():
            self._typed_at = event.timestamp()
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Box, then icon, label and hint centred together."""
        painter = QPainter(self)
        paint = self._paint()
        self._paint_box(painter, paint)
        self._paint_extra(painter)
        self._paint_content(painter, paint.text)
        painter.end()

    def _paint(self) -> _Paint:
        if self.isEnabled():
            return _PAINTS[self._kind]
        return _DISABLED_QUIET if self._kind is ButtonKind.QUIET else _DISABLED

    def _paint_box(self, painter: QPainter, paint: _Paint) -> None:
        fill = paint.rest
        if self.isDown():
            fill = paint.pressed
        elif self.underMouse() and self.isEnabled():
            fill = paint.hover
        border = paint.border or ("text" if self._look.theme.border > 1 and paint.rest else None)
        draw_box(
            painter,
            self.rect(),
            Radius.FIELD,
            fill=self._look.color(fill) if fill else None,
            border=self._look.color(border) if border else None,
            width=self._look.theme.border,
        )

    def _paint_extra(self, painter: QPainter) -> None:
        """Room for what a kind of button paints between box and label."""

    def _paint_content(self, painter: QPainter, token: str) -> None:
        room = self.width() - 2 * min(self._padding(), Space.SMALL)
        with_hint = self._hint is not None and self._content_width(with_hint=True) <= room
        width = min(self._content_width(with_hint=with_hint), room)
        rect = QRect((self.width() - width) // 2, 0, width, self.height())
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        middle = self.height() // 2
        if self._icon_name:
            size = self._icon_size()
            self._paint_icon(painter, token, rect.right() + 1 - size if rtl else rect.left(), middle, size, rtl=rtl)
            rect = rect.adjusted(0, 0, -self._icon_width(), 0) if rtl else rect.adjusted(self._icon_width(), 0, 0, 0)
        if with_hint and self._hint:
            hint = key_hint_width(self._look, self._hint)
            draw_key_hint(
                painter, self._look, self._hint, rect.left() if rtl else rect.right() + 1 - hint, middle, token
            )
            taken = hint + Space.ROW
            rect = rect.adjusted(taken, 0, 0, 0) if rtl else rect.adjusted(0, 0, -taken, 0)
        painter.setFont(self.font())
        painter.setPen(self._look.color(token))
        painter.drawText(rect, _WRAP, self._label())

    def _paint_icon(self, painter: QPainter, token: str, x: int, middle: int, size: int, *, rtl: bool) -> None:
        icon = self._icon_name or ""
        if rtl and icon in _MIRRORED_ICONS:
            painter.save()
            painter.translate(2 * x + size, 0)
            painter.scale(-1, 1)
            draw_icon(painter, self._look, icon, token, x, middle, size)
            painter.restore()
        else:
            draw_icon(painter, self._look, icon, token, x, middle, size)

    def _content_width(self, *, with_hint: bool) -> int:
        # Two pixels more than the text: advances are rounded down, and a label must not wrap at its own width.
        label = QFontMetrics(self.font()).horizontalAdvance(self._label()) + 2
        hint = key_hint_width(self._look, self._hint) + Space.ROW if with_hint and self._hint else 0
        return self._icon_width() + label + hint

    def _text_height(self, room: int) -> int:
        def measure() -> int:
            return QFontMetrics(self.font()).boundingRect(0, 0, room, 1000, _WRAP, self._label()).height()

        return self._text_heights.of(self._label(), room, measure)

    def _font_for(self, text: str) -> QFont:
        return self._figures if any(letter.isdigit() for letter in text) else self._words

    def _label(self) -> str:
        return self.text().replace("&&", "&")

    def _icon_size(self) -> int:
        return IconSize.TOOL if self._is_main else IconSize.BUTTON

    def _icon_width(self) -> int:
        return self._icon_size() + Space.SMALL if self._icon_name else 0

    def _padding(self) -> int:
        return Space.ROW if self._kind is ButtonKind.QUIET else Space.PANE

    def _height(self) -> int:
        return Height.MAIN_BUTTON if self._is_main else Height.BUTTON


class IconButton(QPushButton):
    """A square target with an icon only; `tooltip` is its name for the eye and for screen readers."""

    icon_size: int = IconSize.TOOL

    def __init__(self, look: Look, icon: str, tooltip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._icon_name = icon
        self._ink = "text_muted"
        self.setAutoDefault(False)
        self.setFixedSize(Height.HIT, Height.HIT)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.set_icon(icon, tooltip)

    def set_icon(self, icon: str, tooltip: str) -> None:
        """Changes icon and name together, for buttons that turn something on and off."""
        self._icon_name = icon
        self.setToolTip(tooltip)
        self.setAccessibleName(tooltip)
        self.update()

    def set_ink(self, token: str) -> None:
        """Changes the colour of the icon."""
        self._ink = token
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the focused button, as Space does."""
        if is_plain_enter(event):
            if not event.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The icon, on a tint while the pointer is over it."""
        painter = QPainter(self)
        inner = self.rect().adjusted(Space.TIGHT, Space.TIGHT, -Space.TIGHT, -Space.TIGHT)
        if self.isDown() or (self.underMouse() and self.isEnabled()):
            draw_box(painter, inner, Radius.FIELD, fill=self._look.color("neutral_tint"), border=None)
        token = self._ink if self.isEnabled() else "text_disabled"
        size = self.icon_size
        draw_icon(painter, self._look, self._icon_name, token, (self.width() - size) // 2, self.height() // 2, size)
        painter.end()
