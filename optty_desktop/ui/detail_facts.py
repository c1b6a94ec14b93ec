"""Who, for what, until when: the rows of the detail pane. Contacts are masked until somebody asks to see them."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from optty_desktop.core.contacts import mask_email, mask_phone
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.ports import Clock
from optty_desktop.ui.buttons import IconButton
from optty_desktop.ui.elided_label import ElidedLabel
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.short_number import shown_description
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.times import day, when
from optty_desktop.ui.tokens import Height, Space, Type, Weight
from optty_desktop.ui.words import tr

SHOWN_SECONDS = 30.0
"""How long contacts stay readable after they were asked for."""
_TICK_MS = 250
_ROW = 25
_LABELS = 80


class DetailFacts(QWidget):
    """`revealed` carries the invoice number, once per showing. Showing another link hides the contacts again.

    `number_wanted` carries the invoice number that is to be copied.
    """

    revealed = Signal(str)
    number_wanted = Signal(str)

    def __init__(self, look: Look, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._clock = clock
        self._link: PaymentLink | None = None
        self._shown_until: float | None = None
        self._email = self._value("detailEmailLabel", mode=Qt.TextElideMode.ElideMiddle, is_left_to_right=True)
        self._phone = self._value("detailPhoneLabel", is_left_to_right=True)
        self._description = Passage(look, Type.ROW, figures=False, parent=self)
        self._description.setContentsMargins(0, Space.LABEL, 0, Space.HAIR)
        self._description.setObjectName("detailDescriptionLabel")
        self._due = self._value("detailDueLabel", figures=True)
        self._created = self._value("detailCreatedLabel", figures=True)
        self._url = self._value("detailLinkLabel", is_left_to_right=True)
        self._eye = IconButton(look, "eye", tr("Show e-mail and phone for 30 s"), self)
        self._eye.set_ink("accent")
        self._eye.setObjectName("revealContactButton")
        self._eye.clicked.connect(self._on_eye)
        self._number = self._value("detailNumberLabel", mode=Qt.TextElideMode.ElideMiddle, is_left_to_right=True)
        self._number.installEventFilter(self)
        self._copy = IconButton(look, "copy", tr("Copy invoice number"), self)
        self._copy.set_ink("accent")
        self._copy.setObjectName("copyNumberButton")
        self._copy.clicked.connect(self._on_copy)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self._heads: dict[QWidget, QLabel] = {}
        self._lay_out()

    @property
    def are_contacts_shown(self) -> bool:
        """Whether e-mail and phone can be read now."""
        return self._shown_until is not None

    def show_link(self, link: PaymentLink) -> None:
        """Fill the rows; contacts stay as they are while the link is the same one."""
        if self._link is None or self._link.invoice_number != link.invoice_number:
            self._hide_contacts()
        self._link = link
        self._show_contacts()
        description = harmless(shown_description(link))
        self._description.setText(description)
        self._due.setText(day(link.due_at))
        time = when(link.created_at, self._clock.now())
        self._created.setText(tr("{time} by {who}", time=time, who=link.created_by))
        self._url.setText((link.url or "").partition("://")[2])
        self._number.setText(link.invoice_number)
        for value, is_there in (
            (self._email, bool(link.email)),
            (self._phone, bool(link.phone)),
            (self._description, bool(description)),
            (self._url, link.url is not None),
        ):
            value.setVisible(is_there)
            self._heads[value].setVisible(is_there)
        self._eye.setVisible(bool(link.email or link.phone))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The copy button stays beside its number when a longer description moves that."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._place_buttons()
        return False

    def hideEvent(self, event: QHideEvent) -> None:
        """Contacts do not wait behind another pane."""
        super().hideEvent(event)
        self._hide_contacts()
        self._show_contacts()

    def _on_eye(self) -> None:
        if self._link is None:
            return
        if self.are_contacts_shown:
            self._hide_contacts()
        else:
            self._shown_until = self._clock.monotonic() + SHOWN_SECONDS
            self._timer.start()
            self._eye.set_icon("eye-off", tr("Hide e-mail and phone"))
            self.revealed.emit(self._link.invoice_number)
        self._show_contacts()

    def _on_copy(self) -> None:
        if self._link is not None:
            self.number_wanted.emit(self._link.invoice_number)

    def _on_tick(self) -> None:
        if self._shown_until is not None and self._clock.monotonic() >= self._shown_until:
            self._hide_contacts()
            self._show_contacts()

    def _hide_contacts(self) -> None:
        self._shown_until = None
        self._timer.stop()
        self._eye.set_icon("eye", tr("Show e-mail and phone for 30 s"))

    def _show_contacts(self) -> None:
        link = self._link
        if link is None:
            return
        is_shown = self.are_contacts_shown
        self._email.setText(link.email if is_shown else mask_email(link.email))
        self._phone.setText(link.phone if is_shown else mask_phone(link.phone))

    def _value(
        self,
        name: str,
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        figures: bool = False,
        is_left_to_right: bool = False,
    ) -> ElidedLabel:
        label = ElidedLabel(self._look, mode=mode, is_left_to_right=is_left_to_right, parent=self)
        label.setFont(self._look.font(Type.ROW, weight=Weight.REGULAR, figures=figures))
        label.setObjectName(name)
        label.setFixedHeight(_ROW)
        return label

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(Space.PANE, 0, Space.PANE, 0)
        grid.setHorizontalSpacing(Space.CLOSE)
        grid.setVerticalSpacing(0)
        grid.setColumnMinimumWidth(0, _LABELS)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(2, Height.HIT - Space.ROW - Space.CLOSE)
        rows: tuple[tuple[str, QWidget], ...] = (
            (tr("E-mail"), self._email),
            (tr("Phone"), self._phone),
            (tr("Description"), self._description),
            (tr("Due"), self._due),
            (tr("Created"), self._created),
            (tr("Link"), self._url),
            (tr("Number"), self._number),
        )
        for row, (words, value) in enumerate(rows):
            head = plain_label(words, self._look, Type.ROW, weight=Weight.REGULAR, ink="text_muted", parent=self)
            head.setFixedHeight(_ROW)
            self._heads[value] = head
            value.setAccessibleName(words)
            grid.addWidget(head, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1, 1, 1 if value in (self._email, self._phone, self._number) else 2)
        self._number.setAccessibleName(tr("Invoice number"))
        self._place_buttons()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the buttons at the trailing edge."""
        super().resizeEvent(event)
        self._place_buttons()

    def _place_buttons(self) -> None:
        """Beside both contacts and beside the number, at the very edge, so that the rows keep their width."""
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = Space.TIGHT if rtl else self.width() - self._eye.width() - Space.TIGHT
        self._eye.move(left, _ROW - self._eye.height() // 2)
        self._copy.move(left, self._number.geometry().center().y() - self._copy.height() // 2)
        for button in (self._eye, self._copy):
            button.raise_()
