"""The look of the window: one theme, its fonts and icons, and how they are put on the application."""

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, WeakSet

from PySide6.QtGui import QColor, QFont, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from optty_desktop.ui.assets import resource
from optty_desktop.ui.fonts import Fonts, system_family
from optty_desktop.ui.icons import Icons
from optty_desktop.ui.tokens import Theme, Type

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "surface_alt",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "text_disabled",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.ToolTipBase: "text",
    QPalette.ColorRole.ToolTipText: "surface",
    QPalette.ColorRole.Mid: "divider",
    QPalette.ColorRole.Light: "surface",
    QPalette.ColorRole.Midlight: "surface_alt",
    QPalette.ColorRole.Dark: "control_border",
    QPalette.ColorRole.Shadow: "text",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.BrightText: "on_accent",
}
_DISABLED_ROLES = (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText)


class Look:
    """What a widget needs to paint itself: colours, fonts and icons by name, and whether things may move.

    `theme` may be replaced while the program runs; painters read it anew each time.
    """

    def __init__(self, theme: Theme, fonts: Fonts, icons: Icons, *, reduced_motion: bool = False) -> None:
        self.theme = theme
        self.reduced_motion = reduced_motion
        self._fonts = fonts
        self._icons = icons
        self._colors: dict[tuple[str, str], QColor] = {}
        self._tinted: WeakKeyDictionary[QWidget, dict[QPalette.ColorRole, str]] = WeakKeyDictionary()
        self._sheeted: WeakSet[QWidget] = WeakSet()
        self._sheets: dict[str, str] = {}
        self._made: dict[tuple[int, int, bool], QFont] = {}

    def font(self, role: Type, *, weight: int | None = None, figures: bool = False) -> QFont:
        """The font of a text role; `weight` replaces the usual one.

        `figures` asks for figures of one width: for amounts, times and counts, not for words (it widens hyphens).
        """
        return self.font_px(role.px, role.weight if weight is None else weight, figures=figures)

    def font_px(self, px: int, weight: int, *, figures: bool = False) -> QFont:
        """A font outside the roles, for screens that scale with their height."""
        key = (px, weight, figures)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._fonts.font(px, weight, figures=figures)
        return QFont(made)

    def color(self, token: str) -> QColor:
        """The colour of `token`, for example `look.color("text_muted")`. Raises AttributeError for a name unknown."""
        key = (self.theme.name, token)
        color = self._colors.get(key)
        if color is None:
            color = self._colors[key] = QColor(getattr(self.theme, token))
        return QColor(color)

    def icon(self, name: str, token: str, size: int) -> "QIcon":
        """Icon `name` in the colour of `token`."""
        return self._icons.icon(name, self.color(token), size)

    def pixmap(self, name: str, token: str, size: int, dpr: float) -> QPixmap:
        """Icon `name` in the colour of `token`, `size` wide, for a screen of pixel ratio `dpr`."""
        return self._icons.pixmap(name, self.color(token), size, dpr)

    def application_icon(self) -> "QIcon":
        """The icon of the program."""
        return self._icons.application_icon()

    def tint(self, widget: QWidget, token: str, role: QPalette.ColorRole = QPalette.ColorRole.WindowText) -> None:
        """Gives `widget` the colour of `token` for `role` (its text, unless said otherwise)."""
        self._tinted.setdefault(widget, {})[role] = token
        palette = widget.palette()
        palette.setColor(role, self.color(token))
        widget.setPalette(palette)

    def sheet(self, widget: QWidget) -> None:
        """Puts the style sheet on what Qt paints by itself: a menu, a scroll bar, a list that opens.

        Not on the application: every widget of the program would then be measured and painted through it, and worked
        out again each time it gets another parent.
        """
        self._sheeted.add(widget)
        widget.setStyleSheet(self._sheet())

    def change_theme(self, theme: Theme) -> None:
        """Puts another theme on a running program: palette, sheets and every tinted widget."""
        self.theme = theme
        QApplication.setPalette(palette_of(theme))
        for widget in list(self._sheeted):
            if isValid(widget):
                widget.setStyleSheet(self._sheet())
        for widget, tints in list(self._tinted.items()):
            for role, token in list(tints.items()):
                if isValid(widget):
                    self.tint(widget, token, role)

    def _sheet(self) -> str:
        name = self.theme.name
        if name not in self._sheets:
            self._sheets[name] = style_sheet(self.theme)
        return self._sheets[name]


def palette_of(theme: Theme) -> QPalette:
    """The palette of `theme`; disabled texts keep a readable colour."""
    palette = QPalette()
    for role, token in _ROLES.items():
        palette.setColor(role, QColor(getattr(theme, token)))
    for role in _DISABLED_ROLES:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.text_disabled))
    return palette


def style_sheet(theme: Theme) -> str:
    """The style sheet of `theme`: the template with every `{{token}}` filled in."""
    sheet = resource("style", "app.qss").read_text(encoding="utf-8")
    for token in Theme._fields:
        sheet = sheet.replace("{{" + token + "}}", str(getattr(theme, token)))
    return sheet


def qt_arguments(program: str) -> list[str]:
    """The arguments for QApplication. Choosing the style here spares the start: `setStyle` wraps all of QStyle."""
    return [program, "-style", "fusion"]


def dress(app: QApplication, theme: Theme, *, reduced_motion: bool = False) -> Look:
    """Puts font and palette on a fresh application and returns the look its widgets are built with.

    The application is to be made with `qt_arguments()`, which choose the style everything is painted on.
    """
    look = Look(theme, Fonts(system_family()), Icons(), reduced_motion=reduced_motion)
    app.setFont(look.font(Type.BODY))
    app.setPalette(palette_of(theme))
    # A cursor that blinks asks for attention, and wakes a till that has nothing to do once a second.
    app.setCursorFlashTime(0)
    return look
