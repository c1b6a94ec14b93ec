"""The code alone, as large as the screen allows: for windows that are too low to show it beside everything else."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.money import format_amount
from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.environment_band import frame_margins, paint_environment_frame
from optty_desktop.ui.focus_ring import FocusRing
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.qr_card import USUAL_SIDE, QrCard, notice_of, small_screen_notice
from optty_desktop.ui.qr_code import QrCode, modules_for
from optty_desktop.ui.short_number import link_name
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space, Type, Weight
from optty_desktop.ui.veiled_dialog import VeiledDialog
from optty_desktop.ui.words import tr

_BESIDE = 184
_EDGE = Space.ROW


class CodeDialog(VeiledDialog):
    """One link. The code goes the moment it must not be used any more, and the card says why."""

    def __init__(self, look: Look, kind: EnvironmentKind, parent: QWidget) -> None:
        super().__init__(look, kind, parent)
        self.setObjectName("codeDialog")
        self.set_title(tr("Code for the customer"))
        self._card = QrCard(look, self)
        self._amount = plain_label("", look, Type.TITLE, weight=Weight.SEMIBOLD, parent=self)
        self._reference = plain_label("", look, Type.BODY, ink="text_muted", parent=self)
        self._caption = plain_label(
            tr("Scan with a phone camera, 30 to 60 cm away"), look, Type.SMALL, ink="text_muted", parent=self
        )
        self._close = Button(look, tr("Close"), ButtonKind.PRIMARY, parent=self)
        self._close.setObjectName("codeCloseButton")
        self._close.clicked.connect(self.accept)
        self._lay_out()
        FocusRing(look, self)
        self._close.setFocus()

    def show_link(self, link: PaymentLink, code: QrCode | None) -> None:
        """Show `code`, or an empty card while it is being made; a closed link shows its end instead."""
        self._amount.setText(format_amount(link.amount))
        self._reference.setText(link_name(link))
        least = self._card.view.density().smallest_side(code.size if code else modules_for(link.url or ""))
        most = self._room()
        self._card.set_side(min(max(USUAL_SIDE, least), most))
        notice = notice_of(link) or (small_screen_notice() if least > most else None)
        self._caption.setVisible(notice is None)
        if notice is not None:
            self._card.show_notice(notice)
        else:
            self._card.show_code(code)
        self.adjustSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground and the frame of the environment."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("surface"))
        paint_environment_frame(painter, self.rect(), self._look, self._environment)
        painter.end()

    def _room(self) -> int:
        """The largest card this screen has room for, with the words beside it."""
        room, frame = self.screen().availableSize(), frame_margins(self._environment)
        high = room.height() - 2 * (_EDGE + frame.bottom())
        return min(high, room.width() - 3 * _EDGE - _BESIDE - 2 * frame.left())

    def _lay_out(self) -> None:
        beside = QVBoxLayout()
        beside.setSpacing(Space.TIGHT)
        for label in (self._amount, self._reference, self._caption):
            label.setWordWrap(True)
            label.setFixedWidth(_BESIDE)
            beside.addWidget(label)
        beside.addStretch(1)
        beside.addWidget(self._close)
        row = QHBoxLayout(self)
        edge = frame_margins(self._environment)
        edge.setTop(edge.bottom())
        row.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        row.setContentsMargins(row.contentsMargins() + edge)
        row.setSpacing(_EDGE)
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetFixedSize)
        row.addWidget(self._card, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(beside)


class ShowCodeButton(Button):
    """Opens the dialog, and keeps it right while it stands."""

    def __init__(self, look: Look, kind: EnvironmentKind, parent: QWidget) -> None:
        super().__init__(look, tr("Show code"), icon="qr-code", main=True, parent=parent)
        self._look, self._environment = look, kind
        self._link: PaymentLink | None = None
        self._code: QrCode | None = None
        self._dialog: CodeDialog | None = None
        self.setObjectName("showCodeButton")
        self.clicked.connect(self._on_clicked)

    def set_link(self, link: PaymentLink, code: QrCode | None, *, is_on: bool) -> None:
        """The link whose code it shows; `code` is None while it is being made."""
        self._link, self._code = link, code
        self.setEnabled(is_on)
        if self._dialog is not None and isValid(self._dialog):
            self._dialog.show_link(link, code)

    def _on_clicked(self) -> None:
        if self._link is not None:
            self._dialog = CodeDialog(self._look, self._environment, self.window())
            self._dialog.finished.connect(self._dialog.deleteLater)
            self._dialog.show_link(self._link, self._code)
            self._dialog.open()
