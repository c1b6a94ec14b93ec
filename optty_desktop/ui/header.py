"""The header: shop and till, the page tabs, the connection, who is here, and the tools."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.ui.elided_label import ElidedLabel
from optty_desktop.ui.header_button import HeaderButton
from optty_desktop.ui.icon_view import IconView
from optty_desktop.ui.menu import Menu
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.shown_text import safe_tooltip
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, IconSize, Radius, Space, Type, Weight
from optty_desktop.ui.words import tr

_LOGO = 28
_NAMES = 72
"""What shop and till keep at the least before the words of the buttons go."""


class Header(QWidget):
    """Signals carry what was asked for. Small windows get no logo and fewer words; names are cut before words go."""

    customer_screen_requested = Signal()
    sign_out_requested = Signal()
    shortcuts_requested = Signal()
    export_requested = Signal()
    paste_requested = Signal()
    support_requested = Signal()
    payments_requested = Signal()
    settings_requested = Signal()
    about_requested = Signal()

    def __init__(
        self, look: Look, shop: str, till: str, operator: str, kind: EnvironmentKind, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._kind = kind
        self._logo = IconView(look, "link", "on_accent", IconSize.BUTTON, self, box=_LOGO)
        self._logo.set_ground("accent", Radius.FIELD)
        self._is_compact = False
        self._shop = _name(look, shop, Type.BODY, Weight.SEMIBOLD, "text", self)
        self._till = _name(look, till, Type.MICRO, Weight.REGULAR, "text_muted", self)
        self.payments = HeaderButton(look, "link", tr("Payments"), "navPaymentsButton", self, is_tab=True)
        self.payments.setChecked(True)
        self.payments.clicked.connect(self._on_payments_clicked)
        self._line_icon = IconView(look, "wifi", "text_muted", IconSize.CHIP, self)
        self._line_word = plain_label("", look, Type.SMALL, weight=Weight.SEMIBOLD, parent=self)
        self._line_age = plain_label("", look, Type.SMALL, ink="text_muted", parent=self)
        self._line_age.setObjectName("connectionLabel")
        self.staff = HeaderButton(look, "user", operator, "staffButton", self)
        self.staff.clicked.connect(self._on_staff_clicked)
        self.customer_screen = HeaderButton(look, "monitor", tr("Customer screen"), "customerScreenButton", self)
        self.customer_screen.clicked.connect(self.customer_screen_requested)
        self.settings = HeaderButton(look, "settings", tr("Settings"), "navSettingsButton", self)
        self.settings.setCheckable(True)
        self.settings.set_word_shown(False)
        self.settings.clicked.connect(self._on_settings_clicked)
        self._menu = self._staff_menu()
        self._row = QHBoxLayout(self)
        self.setFixedHeight(Height.HEADER)
        self._lay_out()

    def set_line(self, icon: str, word: str, age: str, ink: str) -> None:
        """Shows the connection: ``word`` in bold, ``age`` after it."""
        quiet = "text_muted" if ink == "text" else ink
        self._line_icon.set_icon(icon, quiet)
        self._line_word.setText(word)
        self._look.tint(self._line_word, ink)
        self._line_age.setText(age)
        self._look.tint(self._line_age, quiet)
        self._fit()

    def set_way(self, sentences: Sequence[str]) -> None:
        """Tells with the connection how it is made, to those who point at it and to screen readers."""
        words = " ".join(sentences)
        if words == self._line_word.accessibleDescription():
            return  # asked every second, and screen readers are told of each change
        for part in (self._line_icon, self._line_word, self._line_age):
            part.setToolTip("<br>".join(map(safe_tooltip, sentences)))
            part.setAccessibleDescription(words)

    def show_settings(self, shown: bool) -> None:
        """Shows whether the settings or the payments stand below."""
        self.payments.setChecked(not shown)
        self.settings.setChecked(shown)

    def show_update(self, version: str) -> None:
        """Hints at a newer version that is ready: an entry of the menu, and a dot at the settings; "" takes it away."""
        hint = tr("Version {version} is ready", version=version) if version else ""
        self.settings.set_hint(hint)
        for old in [one for one in self._menu.actions() if one.objectName() == "updateAction"]:
            self._menu.removeAction(old)
            old.deleteLater()
        if hint:
            update = QAction(hint, self._menu)
            update.setObjectName("updateAction")
            update.triggered.connect(self.about_requested)
            self._menu.insertAction(self._menu.actions()[0], update)

    def set_compact(self, compact: bool) -> None:
        """Leaves out what a small window has no room for."""
        self._is_compact = compact
        self._logo.setVisible(not compact)
        self._line_age.setVisible(not compact)
        self.customer_screen.set_word_shown(not compact)
        self._row.setContentsMargins(Space.ROW if compact else Space.PANE, 0, Space.TIGHT, 0)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has room for other words."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The name of the person goes first, then the word of the page; the connection keeps its word."""
        parts = (self._logo, self._line_icon, self._line_word, self._line_age)
        fixed = sum(part.sizeHint().width() + Space.SMALL for part in parts if not part.isHidden())
        fixed += _NAMES + 3 * Space.SECTION + self.customer_screen.width_needed(has_word=not self._is_compact)
        fixed += self.settings.width_needed(has_word=False)
        tab = self.payments.width_needed(has_word=True)
        person = self.staff.width_needed(has_word=True)
        no_person = self.staff.width_needed(has_word=False)
        self.staff.set_word_shown(fixed + tab + person <= self.width())
        self.payments.set_word_shown(fixed + tab + no_person <= self.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Surface, a hairline below, and one before the tools."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("surface"))
        divider = self._look.color("divider")
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), divider)
        is_rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = self.staff.geometry().right() + 1 if is_rtl else self.staff.geometry().left() - 1
        painter.fillRect(QRect(x, Space.FIELD, 1, self.height() - 2 * Space.FIELD), divider)
        painter.end()

    def _on_payments_clicked(self) -> None:
        # A click must not uncheck what it leads to; the page itself says when it stands there.
        self.show_settings(self.settings.isChecked())
        self.payments_requested.emit()

    def _on_settings_clicked(self) -> None:
        self.show_settings(not self.payments.isChecked())
        self.settings_requested.emit()

    def _on_staff_clicked(self) -> None:
        self._menu.open_under(self.staff)

    def _staff_menu(self) -> Menu:
        menu = Menu(self._look, "staffMenu", self)
        shortcuts = QAction(tr("All shortcuts"), menu)
        shortcuts.triggered.connect(self.shortcuts_requested)
        paste = QAction(tr("Paste a notification…"), menu)
        paste.setObjectName("pasteNoticeAction")
        paste.triggered.connect(self.paste_requested)
        export = QAction(tr("Save the record as a file…"), menu)
        export.setObjectName("exportAction")
        export.triggered.connect(self.export_requested)
        support = QAction(tr("Support file…"), menu)
        support.setObjectName("supportFileAction")
        support.triggered.connect(self.support_requested)
        words = tr("Leave training") if self._kind is EnvironmentKind.TRAINING else tr("Sign out")
        leave = QAction(words, menu)
        leave.setObjectName("signOutAction")
        leave.triggered.connect(self.sign_out_requested)
        menu.addActions([shortcuts, paste, export, support, leave])
        return menu

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addStretch(1)
        names.addWidget(self._shop)
        names.addWidget(self._till)
        names.addStretch(1)
        brand = QHBoxLayout()
        brand.setSpacing(Space.FIELD)
        brand.addWidget(self._logo)
        brand.addLayout(names)
        line = QHBoxLayout()
        line.setSpacing(Space.SMALL)
        for widget in (self._line_icon, self._line_word, self._line_age):
            line.addWidget(widget)
        row = self._row
        row.setSpacing(0)
        row.addLayout(brand)
        row.addSpacing(Space.SECTION)
        row.addWidget(self.payments)
        row.addStretch(1)
        row.addLayout(line)
        row.addSpacing(Space.ROW)
        row.addWidget(self.staff)
        row.addWidget(self.customer_screen)
        row.addWidget(self.settings)
        self.set_compact(False)


def _name(look: Look, text: str, role: Type, weight: int, ink: str, parent: QWidget) -> QLabel:
    label = ElidedLabel(look, ink=ink, parent=parent)
    label.setFont(look.font(role, weight=weight))
    label.setText(text)
    return label
