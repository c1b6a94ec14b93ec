"""What staff see when a link has been made: the code to scan, the address to copy, and how far the customer is."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSpacerItem, QVBoxLayout, QWidget

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.ports import Clock
from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.clipboard import put_on_clipboard
from optty_desktop.ui.code_dialog import ShowCodeButton
from optty_desktop.ui.customer_message import customer_message
from optty_desktop.ui.divider import Divider
from optty_desktop.ui.icon_view import IconView
from optty_desktop.ui.late_keys import LateKeys
from optty_desktop.ui.link_actions import LinkActions
from optty_desktop.ui.link_edit import LinkEdit
from optty_desktop.ui.link_facts import LinkFacts
from optty_desktop.ui.link_progress import LinkProgress, steps_of
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.qr_card import USUAL_SIDE, Notice, QrCard, notice_of
from optty_desktop.ui.qr_code import QrCode, modules_for
from optty_desktop.ui.ready_heading import heading_of
from optty_desktop.ui.ready_room import BARE, CONDENSED, LOW, ROOMY, TIGHT, ReadyRoom
from optty_desktop.ui.scroll_column import ScrollColumn
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import IconSize, Space, Type, Weight
from optty_desktop.ui.words import tr

USUAL_WIDTH = 664

_FACTS_WIDTH = 240
_SIDE = Space.LARGE
_SCREEN_CHANGES = frozenset({QEvent.Type.DevicePixelRatioChange, QEvent.Type.ScreenChangeInternal})


class LinkReadyPane(QWidget):
    """Shows one link. The page makes the code in a worker thread and hands it over with `set_qr`.

    `copied` carries the words for the toast; the other signals carry the invoice number.
    """

    new_link_requested = Signal()
    cancel_requested = Signal(str)
    copied = Signal(str)
    show_to_customer_requested = Signal(str)
    print_requested = Signal(str)
    save_image_requested = Signal(str)

    def __init__(
        self,
        look: Look,
        clock: Clock,
        *,
        shop: str,
        kind: EnvironmentKind = EnvironmentKind.LIVE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._clock = clock
        self._shop = shop
        self._kind = kind
        self._link: PaymentLink | None = None
        self._code: QrCode | None = None
        self._problem: str | None = None
        self._wants_condensed = False
        self._room: ReadyRoom | None = None
        self._is_paused = self._is_held_back = self._is_bare = False
        self.setObjectName("linkReadyPane")
        self._late_keys = LateKeys(clock, self)
        self._make_parts(look)
        self._lay_out()
        self._connect()

    @property
    def link(self) -> PaymentLink | None:
        """The link shown."""
        return self._link

    @property
    def code(self) -> QrCode | None:
        """The code on the card; None while it is being made and once it must not be used."""
        return self._card.view.code

    def show_link(self, link: PaymentLink) -> None:
        """Shows a link that was just made, its card still empty, and puts the focus on Copy link."""
        self._code, self._problem = None, None
        self._take(link)
        self._fit_height()
        self._area.verticalScrollBar().setValue(0)
        self._copy.setFocus(Qt.FocusReason.OtherFocusReason)

    def update_link(self, link: PaymentLink) -> None:
        """Shows what is known now about the link shown; any other link is ignored. The focus stays where it can."""
        if self._link is not None and link.invoice_number == self._link.invoice_number:
            self._take(link)
            self._fit_height()

    def set_qr(self, code: QrCode | None, problem: str | None) -> None:
        """Puts the code on the card, or `problem`, the words for why there is none.

        A code made for another address is not shown.
        """
        url = self._link.url if self._link is not None else None
        self._code = code if code is not None and code.text == url else None
        self._problem = problem
        self._fill_card()
        self._fit_height()

    def most_modules(self) -> int:
        """How many modules a side of the largest code with room here has: `at_most` of `make_qr`."""
        density, most = self._card.view.density(), self._most_side()
        return next((n for n in range(105, 21, -4) if density.smallest_side(n) <= most), 21)

    def set_condensed(self, condensed: bool) -> None:
        """For windows under 640 pixels: caption and progress go, Print and Save image move into a menu.

        The pane does the same by itself where band and banner leave it too low even with closer gaps.
        """
        self._wants_condensed = condensed
        self._fill_card()
        self._fit_height()

    def set_paused(self, paused: bool) -> None:
        """Says that statuses are not being read, and switches cancelling off."""
        self._is_paused = paused
        if self._link is not None:
            self._take(self._link)

    def set_held_back(self, is_held_back: bool) -> None:
        """Switches cancelling off while a rebuilt record waits to be compared."""
        self._is_held_back = is_held_back
        if self._link is not None:
            self._take(self._link)

    def copy_link(self) -> None:
        """Copies the whole address of a link that can still be paid."""
        if self._copy.isEnabled() and self._edit.url:
            put_on_clipboard(self._edit.url)
            self.copied.emit(tr("Link copied. Paste it into a message to the customer."))

    def copy_message(self) -> None:
        """Copies the message to the customer, for a link that can still be paid."""
        if self._link is not None and self._actions.is_usable:
            put_on_clipboard(customer_message(self._link, self._shop))
            self.copied.emit(tr("Message copied."))

    def minimumSizeHint(self) -> QSize:
        """The card beside the facts; a fine screen needs a larger card. Without a card it takes what there is."""
        if self._is_bare:
            return QSize(0, 0)
        return QSize(max(USUAL_WIDTH, self._card.width() + 3 * _SIDE + _FACTS_WIDTH), 0)

    def sizeHint(self) -> QSize:
        """As wide as the card needs."""
        return QSize(self.minimumSizeHint().width(), self._content.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Measures anew on another screen."""
        if event.type() in _SCREEN_CHANGES:
            self._fill_card()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Gives the card the room there is."""
        super().resizeEvent(event)
        self._fill_card()
        self._fit_height()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("surface"))
        painter.end()

    def _take(self, link: PaymentLink) -> None:
        self._link = link
        is_usable = link.is_open and link.url is not None
        # Of the window and not of the program: a dialog may stand before it.
        focused: QWidget | None = self.window().focusWidget()
        self._copy.setEnabled(is_usable)
        self._facts.show_link(link, self._clock.now())
        self._edit.set_url(link.url)
        is_training = self._kind is EnvironmentKind.TRAINING
        is_emailed = link.email_customer and not is_training
        self._progress.set_steps(steps_of(link, is_emailed=is_emailed, is_checked=not self._is_paused))
        sent = tr("Practice only. No e-mail is sent") if is_training else tr("E-mail sent by the payment service")
        note = sent if link.email_customer else ""
        self._actions.show_link(link, note, is_paused=self._is_paused, is_held_back=self._is_held_back)
        self._fill_card()
        self._keep_focus(focused)

    def _keep_focus(self, before: QWidget | None) -> None:
        """From a button that is gone to what can be done next: copy the link, or make a new one."""
        is_own = before is not None and self._content.isAncestorOf(before)
        if before is not None and is_own and not (before.isEnabled() and before.isVisibleTo(self)):
            self._late_keys.give(self._copy if self._copy.isEnabled() else self._new)

    def _fill_card(self) -> None:
        if self._link is None:
            return
        notice = notice_of(self._link)
        heading = heading_of(self._link, is_payable=notice is None)
        self._state_icon.set_icon(heading.icon, heading.ink)
        self._is_bare = not self._fit_card(self._link.url)
        words = notice.heading if notice is not None and self._is_bare else heading.words
        self._title.setText(words)
        self.setAccessibleName(words)
        if notice is None and self._problem is not None:
            notice = Notice("qr-code", "text_muted", "neutral_tint", tr("No QR code"), self._problem)
        self._said.setText(notice.text if notice is not None else "")
        self._said.setVisible(self._is_bare and bool(self._said.text()))
        self._show_code.set_link(self._link, self._code, is_on=notice is None)
        self._caption.setText(tr("Scan with a phone camera, 30 to 60 cm away") if notice is None else "")
        if notice is not None:
            self._card.show_notice(notice)
        else:
            self._card.show_code(self._code)

    def _fit_card(self, url: str | None) -> bool:
        """Gives the card the pictured size, more where the screen is fine, the least in a low window.

        The size follows from the length of the address, so that nothing moves when the code arrives. Returns False
        when there is no room for a code that phones can read.
        """
        modules = self._code.size if self._code is not None else modules_for(url or "")
        least = self._card.view.density().smallest_side(modules)
        has_room = least <= self._most_side()
        side = least if self._wants_condensed else max(USUAL_SIDE, least)
        if has_room and side != self._card.width():
            self._card.set_side(side)
            self._caption.setFixedWidth(side)
            self.updateGeometry()
        return has_room

    def _fit_height(self) -> None:
        """The first arrangement that is whole without scrolling; the last one where none is."""
        rooms = () if self._wants_condensed else (ROOMY, TIGHT, LOW)
        fitting = next((room for room in rooms if self._full_height(room) <= self.height()), CONDENSED)
        self._arrange(BARE if self._is_bare else fitting)
        self._actions.set_narrow(self.width() < USUAL_WIDTH)

    def _full_height(self, room: ReadyRoom) -> int:
        """How high everything is with the progress, and with the caption where there is one."""
        beside = self._facts.heightForWidth(max(1, self.width() - 3 * _SIDE - self._card.width()))
        beside += self._edit_label.sizeHint().height() + Space.LABEL + self._edit.sizeHint().height()
        beside += Space.FIELD + self._copy.sizeHint().height()
        caption = 0 if room is LOW else Space.SMALL + self._caption.height()
        middle = max(self._card.height() + caption, beside)
        fixed = self._new.sizeHint().height() + self._progress.minimumHeight() + len(self._lines)
        return sum(room) + fixed + middle + self._actions.full_height(tight=room is TIGHT, condensed=room is LOW)

    def _arrange(self, room: ReadyRoom) -> None:
        if room is self._room:
            return
        self._room = room
        for widget in (self._progress, *self._lines):
            widget.setVisible(room not in (CONDENSED, BARE))
        self._caption.setVisible(room in (ROOMY, TIGHT))
        self._card.setVisible(room is not BARE)
        self._show_code.setVisible(room is BARE)
        self._way.setContentsMargins(0, 0, 0, Space.SMALL if room is BARE else 0)
        self._right.removeItem(self._way)
        self._right.insertLayout(0 if room is BARE else self._right.count(), self._way)
        first, last = (self._copy, self._edit) if room is BARE else (self._edit, self._copy)
        self.setTabOrder(first, self._show_code)
        self.setTabOrder(self._show_code, last)
        self._actions.set_condensed(room not in (ROOMY, TIGHT))
        self._actions.set_tight(room is TIGHT)
        self._column.setContentsMargins(_SIDE, room.above, _SIDE, room.below)
        for gap, size in zip(self._gaps, (room.header, room.card, room.buttons), strict=True):
            gap.changeSize(0, size)
        self._column.invalidate()
        self.updateGeometry()
        self._area.show_keyboard()

    def _most_side(self) -> int:
        """The largest card that is whole on the screen beside the facts; the pane may grow to half the window."""
        high = self.height() - self._new.height() - 2 * Space.ROW
        wide = max(self.width(), self.window().width() // 2) - 3 * _SIDE - _FACTS_WIDTH
        return max(21, min(high, wide))

    def _on_cancel(self) -> None:
        if self._link is not None:
            self.cancel_requested.emit(self._link.invoice_number)

    def _on_customer(self) -> None:
        if self._link is not None:
            self.show_to_customer_requested.emit(self._link.invoice_number)

    def _on_print(self) -> None:
        if self._link is not None:
            self.print_requested.emit(self._link.invoice_number)

    def _on_image(self) -> None:
        if self._link is not None:
            self.save_image_requested.emit(self._link.invoice_number)

    def _make_parts(self, look: Look) -> None:
        self._content = QWidget()
        self._state_icon = IconView(look, "circle-check", "success", IconSize.DIALOG, self._content)
        self._title = plain_label(tr("Link ready to send"), look, Type.TITLE, parent=self._content)
        self._title.setWordWrap(True)
        self._new = Button(look, tr("New link"), icon="plus", shortcut_hint="Ctrl+N", parent=self._content)
        self._new.setObjectName("newLinkButton")
        self._card = QrCard(look, self._content)
        self._caption = plain_label("", look, Type.SMALL, ink="text_muted", parent=self._content)
        self._facts = LinkFacts(look, self._content)
        self._edit_label = plain_label(
            tr("Payment link"), look, Type.SMALL, weight=Weight.SEMIBOLD, parent=self._content
        )
        self._edit = LinkEdit(look, self._content)
        self._edit.setAccessibleName(tr("Payment link"))
        self._edit_label.setBuddy(self._edit)
        self._copy = Button(
            look, tr("Copy link"), ButtonKind.PRIMARY, "copy", "Ctrl+Shift+C", main=True, parent=self._content
        )
        self._copy.setObjectName("copyLinkButton")
        self._show_code = ShowCodeButton(look, self._kind, self._content)
        self._said = plain_label("", look, Type.ROW, weight=Weight.REGULAR, parent=self._content)
        self._said.setObjectName("readySaidLabel")
        self._said.setWordWrap(True)
        self._lines = (Divider(look, self._content), Divider(look, self._content))
        self._progress = LinkProgress(look, self._content)
        self._actions = LinkActions(look, self._content)

    def _connect(self) -> None:
        self._new.clicked.connect(self.new_link_requested)
        self._copy.clicked.connect(self.copy_link)
        self._actions.message_wanted.connect(self.copy_message)
        self._actions.customer_wanted.connect(self._on_customer)
        self._actions.print_wanted.connect(self._on_print)
        self._actions.image_wanted.connect(self._on_image)
        self._actions.cancel_wanted.connect(self._on_cancel)
        self._card.receipt_requested.connect(self._on_print)

    def _lay_out(self) -> None:
        header = QHBoxLayout()
        header.setSpacing(Space.FIELD)
        header.addWidget(self._state_icon)
        header.addWidget(self._title, 1)
        header.addWidget(self._new)
        self._gaps = [QSpacerItem(0, 0) for _ in range(3)]
        self._column = QVBoxLayout(self._content)
        self._column.setSpacing(0)
        self._column.addLayout(header)
        self._column.addItem(self._gaps[0])
        self._column.addLayout(self._middle())
        self._column.addItem(self._gaps[1])
        self._column.addWidget(self._lines[0])
        self._column.addWidget(self._progress)
        self._column.addWidget(self._lines[1])
        self._column.addItem(self._gaps[2])
        self._column.addWidget(self._actions)
        self._column.addStretch(1)
        self._area = ScrollColumn(self._look, self._content, self)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._area)
        self.set_condensed(False)

    def _middle(self) -> QHBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(Space.SMALL)
        left.addWidget(self._card)
        self._caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._caption.setFixedSize(USUAL_SIDE, Type.SMALL.line)
        left.addWidget(self._caption)
        left.addStretch(1)
        self._way = QHBoxLayout()
        self._way.setSpacing(Space.SMALL)
        self._way.addWidget(self._copy, 1)
        self._way.addWidget(self._show_code, 1)
        right = self._right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._said)
        right.addWidget(self._facts)
        right.addStretch(1)
        right.addWidget(self._edit_label)
        right.addSpacing(Space.LABEL)
        right.addWidget(self._edit)
        right.addSpacing(Space.FIELD)
        right.addLayout(self._way)
        middle = QHBoxLayout()
        middle.setSpacing(_SIDE)
        middle.addLayout(left)
        middle.addLayout(right, 1)
        return middle
