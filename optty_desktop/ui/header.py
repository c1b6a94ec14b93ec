"""The header: shop and till, the page tabs, the connection, who is here, and the tools."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QEnterEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.ui.buttons import is_plain_enter
from optty_desktop.ui.icon_view import IconView
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.shapes import draw_icon
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, IconSize, Radius, Space, Type, Weight
from optty_desktop.ui.words import tr

_LOGO = 28
_TAB_LINE = 3


class HeaderButton(QPushButton):
    """A flat button of the header, icon and word; without its word it has a tooltip and an accessible name."""

    def __init__(self, look: Look, icon: str, text: str, name: str, parent: QWidget, *, is_tab: bool = False) -> None:
        super().__init__(text, parent)
        self._look = look
        self._icon_name = icon
        self._is_tab = is_tab
        self._has_word = True
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
        self.setToolTip("" if shown else self.text())
        self.updateGeometry()
        self.update()

    def set_word(self, text: str) -> None:
        """Changes the word."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Icon, gap, word."""
        word = QFontMetrics(self.font()).horizontalAdvance(self.text()) + Space.SMALL if self._has_word else 0
        width = IconSize.BUTTON + word + 2 * (Space.PANE if self._is_tab else Space.ROW)
        return QSize(max(width, Height.HIT), Height.HIT)

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

    def paintEvent(self, event: QPaintEvent) -> None:
        """Icon and word; the current tab has an accent line below."""
        painter = QPainter(self)
        look, rect = self._look, self.rect()
        is_current = self._is_tab and self.isChecked()
        token = "accent" if is_current else "text_muted" if self._is_tab else "text"
        if self.underMouse() or self.isDown():
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
        if is_current:
            painter.fillRect(QRect(0, rect.height() - _TAB_LINE, rect.width(), _TAB_LINE), look.color("accent"))
        painter.end()


class Header(QWidget):
    """Signals carry what was asked for. ``set_compact`` drops logo and words on small windows."""

    customer_screen_requested = Signal()
    sign_out_requested = Signal()
    shortcuts_requested = Signal()

    def __init__(
        self, look: Look, shop: str, till: str, operator: str, kind: EnvironmentKind, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._kind = kind
        self._logo = IconView(look, "link", "on_accent", IconSize.BUTTON, self, box=_LOGO)
        self._logo.set_ground("accent", Radius.FIELD)
        self._shop = plain_label(shop, look, Type.BODY, weight=Weight.SEMIBOLD, parent=self)
        self._till = plain_label(till, look, Type.MICRO, weight=Weight.REGULAR, ink="text_muted", parent=self)
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
        self._menu = self._staff_menu()
        self.setFixedHeight(Height.HEADER)
        self._lay_out()

    def set_line(self, icon: str, word: str, age: str, ink: str) -> None:
        """Shows the connection: ``word`` in bold, ``age`` after it."""
        self._line_icon.set_icon(icon, "text_muted" if ink == "text" else ink)
        self._line_word.setText(word)
        self._look.tint(self._line_word, ink)
        self._line_age.setText(age)
        self._look.tint(self._line_age, "text_muted" if ink == "text" else ink)

    def set_compact(self, compact: bool, *, narrow: bool = False) -> None:
        """Leaves out what a small window has no room for."""
        self._logo.setVisible(not compact)
        self._line_age.setVisible(not compact)
        self._line_word.setVisible(not narrow)
        self.customer_screen.set_word_shown(not compact)
        self.staff.set_word_shown(not narrow)

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
        self.payments.setChecked(True)

    def _on_staff_clicked(self) -> None:
        self._menu.popup(self.staff.mapToGlobal(QPoint(0, self.staff.height())))

    def _staff_menu(self) -> QMenu:
        menu = QMenu(self)
        shortcuts = QAction(tr("All shortcuts"), menu)
        shortcuts.triggered.connect(self.shortcuts_requested)
        words = tr("Leave training") if self._kind is EnvironmentKind.TRAINING else tr("Sign out")
        leave = QAction(words, menu)
        leave.setObjectName("signOutAction")
        leave.triggered.connect(self.sign_out_requested)
        menu.addAction(shortcuts)
        menu.addAction(leave)
        return menu

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addStretch(1)
        names.addWidget(self._shop)
        names.addWidget(self._till)
        names.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.PANE, 0, Space.TIGHT, 0)
        row.setSpacing(0)
        row.addWidget(self._logo)
        row.addSpacing(Space.FIELD)
        row.addLayout(names)
        row.addSpacing(Space.SECTION)
        row.addWidget(self.payments)
        row.addStretch(1)
        for widget in (self._line_icon, self._line_word, self._line_age):
            row.addWidget(widget)
            row.addSpacing(Space.SMALL)
        row.addSpacing(Space.TIGHT)
        row.addWidget(self.staff)
        row.addWidget(self.customer_screen)
