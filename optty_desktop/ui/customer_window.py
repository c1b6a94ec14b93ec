"""The screen that faces the customer: the code to scan, then the thanks. No contacts and no names of staff."""

from typing import Final

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QResizeEvent, QScreen
from PySide6.QtWidgets import QLabel, QWidget

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.links import PaymentLink
from optty_desktop.ui.customer_amount import CustomerAmount
from optty_desktop.ui.environment_band import EnvironmentBand, paint_environment_frame
from optty_desktop.ui.qr_code import QrCode
from optty_desktop.ui.qr_view import QrView
from optty_desktop.ui.shapes import draw_box, draw_icon
from optty_desktop.ui.short_number import shown_reference
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.times import clock_time
from optty_desktop.ui.tokens import Height, Weight
from optty_desktop.ui.words import tr

_PICTURED_HEIGHT: Final = 768
_CODE_SIDE: Final = 374
_CODE_TOP: Final = 228
_PAID_MS: Final = 20_000
_ARABIC: Final = {
    "Scan with your phone camera to pay": "امسح الرمز بكاميرا هاتفك للدفع",
    "Thank you": "تم الدفع. شكرًا لك.",
}
"""What the second line says beside English. In any other language the second line is English."""


def second_screen(till_window: QWidget) -> QScreen | None:
    """A screen other than the one `till_window` stands on and not a copy of it; None when there is none."""
    own = till_window.screen()
    others = [screen for screen in QGuiApplication.screens() if screen is not own]
    return next((screen for screen in others if not screen.geometry().intersects(own.geometry())), None)


class CustomerWindow(QWidget):
    """Shows one thing at a time. It takes no keyboard focus and shows no pointer.

    Paid is shown for `paid_ms` milliseconds, then the name of the shop.
    """

    def __init__(
        self,
        look: Look,
        shop: str,
        kind: EnvironmentKind = EnvironmentKind.LIVE,
        *,
        paid_ms: int = _PAID_MS,
    ) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self._look = look
        self._kind = kind
        self._is_paid = False
        self.setObjectName("customerWindow")
        self.setWindowTitle(shop)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self._band = EnvironmentBand(look, kind, self, may_leave=False)
        self._shop = self._label(shop)
        self._amount = CustomerAmount(look, self)
        self._amount.setObjectName("customerAmountLabel")
        self._reference = self._label()
        self._view = QrView(look, _CODE_SIDE, self, edge="text")
        self._view.setObjectName("customerQrView")
        self._first = self._label()
        self._second = self._label()
        self._state = self._label()
        self._state.setObjectName("customerStateLabel")
        self._received = self._label()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(paid_ms)
        self._timer.timeout.connect(self.clear)
        self.clear()

    def show_link(self, link: PaymentLink, code: QrCode) -> None:
        """Shows the code with amount and reference."""
        self._begin(is_paid=False)
        self._amount.set_money(link.amount)
        self._reference.setText(harmless(shown_reference(link)))
        self._view.set_code(code)
        self._say("Scan with your phone camera to pay", tr("Scan with your phone camera to pay"))
        self._state.setText(tr("Waiting for payment"))
        self._show(self._amount, self._reference, self._view, self._first, self._second, self._state)

    def show_paid(self, link: PaymentLink) -> None:
        """Says that the money has arrived. The code is gone at once."""
        self._begin(is_paid=True)
        self._amount.set_money(link.paid or link.amount)
        self._reference.setText(harmless(shown_reference(link)))
        self._state.setText(tr("Paid"))
        self._say("Thank you", tr("Thank you"))
        self._received.setText(tr("Received at {time}", time=clock_time(link.paid_at or link.changed_at)))
        self._show(self._amount, self._reference, self._state, self._first, self._second, self._received)
        self._timer.start()

    def show_declined(self) -> None:
        """Says that the last try was refused. A code on show stays: the customer may try again."""
        self._first.setText("")
        self._second.setText("")
        self._state.setText(tr("The payment did not go through. Please try again or use another card."))
        self._state.show()
        self._arrange()

    def clear(self) -> None:
        """Shows the name of the shop alone."""
        self._begin(is_paid=False)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Everything grows with the height of the screen."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, emblem, tick and the small icon before the last line."""
        painter = QPainter(self)
        look = self._look
        painter.fillRect(self.rect(), look.color("paid_screen" if self._is_paid else "surface"))
        paint_environment_frame(painter, self.rect(), look, self._kind)
        ground, ink = ("paid_screen_text", "paid_screen") if self._is_paid else ("accent", "on_accent")
        emblem = self._emblem()
        draw_box(painter, emblem, round(8 * self._scale()), fill=look.color(ground), border=None)
        size = round(24 * self._scale())
        draw_icon(painter, look, "store", ink, emblem.center().x() + 1 - size // 2, emblem.center().y() + 1, size)
        if self._is_paid:
            self._paint_tick(painter)
            self._paint_before(painter, self._received, "circle-check", "paid_screen_text")
        elif self._view.isVisibleTo(self) and self._first.text():
            self._paint_before(painter, self._state, "clock", "text_muted")
        painter.end()

    def _paint_tick(self, painter: QPainter) -> None:
        side = round(176 * self._scale())
        circle = QRect((self.width() - side) // 2, self._y(152), side, side)
        draw_box(painter, circle, side // 2, fill=self._look.color("paid_screen_text"), border=None)
        size = round(128 * self._scale())
        left, middle = circle.center().x() + 1 - size // 2, circle.center().y() + 1
        draw_icon(painter, self._look, "check", "paid_screen", left, middle, size)

    def _paint_before(self, painter: QPainter, label: QLabel, icon: str, ink: str) -> None:
        size = round(20 * self._scale())
        words = label.fontMetrics().horizontalAdvance(label.text())
        gap = round(10 * self._scale())
        is_rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        middle = label.geometry().center()
        left = middle.x() + words // 2 + gap if is_rtl else middle.x() - words // 2 - gap - size
        draw_icon(painter, self._look, icon, ink, left, middle.y() + 1, size)

    def _begin(self, *, is_paid: bool) -> None:
        self._timer.stop()
        self._is_paid = is_paid
        self._view.set_code(None)
        for label in (self._reference, self._first, self._second, self._state, self._received):
            label.setText("")

    def _show(self, *shown: QWidget) -> None:
        movable = (self._amount, self._reference, self._view, self._first, self._second, self._state, self._received)
        for widget in movable:
            widget.setVisible(widget in shown)
        main, quiet = ("paid_screen_text", "paid_screen_text") if self._is_paid else ("text", "text_muted")
        for label in (self._shop, self._first, self._second):
            self._look.tint(label, main)
        for label in (self._reference, self._received):
            self._look.tint(label, quiet)
        self._look.tint(self._state, quiet)
        self._amount.set_inks(main, quiet)
        self._arrange()

    def _say(self, english: str, own: str) -> None:
        self._first.setText(own)
        self._second.setText(_ARABIC[english] if own == english else english)

    def _arrange(self) -> None:
        is_idle = self._amount.isHidden()
        has_code = self._view.code is not None
        self._place(self._shop, 324 if is_idle else 48, 40 if is_idle else 26, Weight.SEMIBOLD)
        if self._is_paid:
            self._place(self._state, 396, 64, Weight.BOLD)
            self._place(self._amount, 464, 46, Weight.SEMIBOLD)
            self._place(self._reference, 513, 20, Weight.REGULAR)
            self._place(self._first, 575, 26, Weight.SEMIBOLD)
            self._place(self._second, 615, 26, Weight.SEMIBOLD)
            self._place(self._received, 733, 20, Weight.REGULAR)
        else:
            self._place(self._amount, 128, 84, Weight.BOLD)
            self._place(self._reference, 203, 20, Weight.REGULAR)
            self._place_code()
            self._place(self._first, 634, 26, Weight.SEMIBOLD)
            self._place(self._second, 674, 26, Weight.SEMIBOLD)
            is_waiting = bool(self._first.text())
            middle = 733 if is_waiting else 660 if has_code else 420
            self._place(
                self._state, middle, 20 if is_waiting else 26, Weight.REGULAR if is_waiting else Weight.SEMIBOLD
            )
            self._look.tint(self._state, "text_muted" if is_waiting else "text")
        self._band.setGeometry(0, 0, self.width(), Height.BAND)
        self.update()

    def _place_code(self) -> None:
        side = round(_CODE_SIDE * self._scale())
        if self._view.code is not None:
            least = self._view.density().smallest_side(self._view.code.size)
            side = max(side, min(least, self.height() - self._y(_CODE_TOP) - 8))
        self._view.set_side(side)
        self._view.move((self.width() - side) // 2, self._y(_CODE_TOP))

    def _place(self, label: QLabel, middle: int, px: int, weight: int) -> None:
        size = max(1, round(px * self._scale()))
        label.setFont(self._look.font_px(size, weight))
        lines = 2 if label is self._state and not self._first.text() else 1
        height = round(size * 1.4) * lines
        indent = round(48 * self._scale()) if label is self._shop else 0
        label.setGeometry(indent, self._y(middle) - height // 2, self.width() - indent, height)

    def _emblem(self) -> QRect:
        side = round(40 * self._scale())
        words = self._shop.fontMetrics().horizontalAdvance(self._shop.text())
        middle = self._shop.geometry().center()
        gap = round(12 * self._scale())
        return QRect(middle.x() - words // 2 - gap - side, middle.y() + 1 - side // 2, side, side)

    def _label(self, text: str = "") -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setWordWrap(True)
        return label

    def _y(self, pictured: int) -> int:
        top = 0 if self._kind is EnvironmentKind.LIVE else Height.BAND
        return top + round(pictured * self._scale())

    def _scale(self) -> float:
        """Pixels of this screen for one pictured pixel; a narrow screen counts as a low one."""
        top = 0 if self._kind is EnvironmentKind.LIVE else Height.BAND
        return max(0.25, min((self.height() - top) / _PICTURED_HEIGHT, self.width() / 640))
