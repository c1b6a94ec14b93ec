"""One link in full: what it is, how it stands, what happened to it, and the one thing that can be done with it."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from optty_desktop.core.events import LinkEvent
from optty_desktop.core.held_links import held_host, is_held
from optty_desktop.core.links import PaymentLink, may_copy_address
from optty_desktop.core.ports import Clock
from optty_desktop.ui.buttons import Button
from optty_desktop.ui.detail_actions import DetailActions
from optty_desktop.ui.detail_doubt import DetailDoubt
from optty_desktop.ui.detail_facts import DetailFacts
from optty_desktop.ui.detail_head import DetailHead
from optty_desktop.ui.detail_keyboard import DetailKeyboard
from optty_desktop.ui.detail_source import DetailSource
from optty_desktop.ui.detail_words import doubt_about, is_create_without_answer
from optty_desktop.ui.divider import Divider
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.scroll_column import ScrollColumn
from optty_desktop.ui.support_details import support_details
from optty_desktop.ui.theme import Look
from optty_desktop.ui.timeline_view import TimelineView
from optty_desktop.ui.tokens import Space, Type, Weight
from optty_desktop.ui.words import tr


class DetailPane(QWidget):
    """Signals carry the invoice number, except `copy_details_requested`: that carries the text to copy.

    `refund_is_possible` is False where the profile has no address for cancel and refund; then the pane says so.
    """

    closed = Signal()
    cancel_requested = Signal(str)
    refund_requested = Signal(str)
    check_requested = Signal(str)
    settle_requested = Signal(str)
    confirm_host_requested = Signal(str)
    hand_requested = Signal(str)
    copy_link_requested = Signal(str)
    copy_number_requested = Signal(str)
    receipt_requested = Signal(str)
    use_again_requested = Signal(str)
    contact_revealed = Signal(str)
    copy_details_requested = Signal(str)

    def __init__(self, look: Look, clock: Clock, *, refund_is_possible: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._clock = clock
        self._link: PaymentLink | None = None
        self._events: tuple[LinkEvent, ...] = ()
        self._is_paused = self._is_held_back = False
        self._head = DetailHead(look, self)
        self._doubt = DetailDoubt(look, self)
        self._source = DetailSource(look, self)
        self._facts = DetailFacts(look, clock, self)
        self._copy = Button(look, tr("Copy link"), icon="copy", parent=self)
        self._receipt = Button(look, tr("Receipt"), icon="printer", parent=self)
        self._timeline = TimelineView(look, self)
        self._actions = DetailActions(look, clock, refund_is_possible=refund_is_possible, parent=self)
        steps = (*self._doubt.steps(), *self._actions.steps())
        self._keyboard = DetailKeyboard(self, steps, self._head.focus_first)
        self._name_parts()
        self._lay_out()
        self._connect()

    @property
    def link(self) -> PaymentLink | None:
        """The link shown."""
        return self._link

    def show_link(self, link: PaymentLink, events: Sequence[LinkEvent]) -> None:
        """Show another link from its top; `events` newest first."""
        with self._keyboard.kept():
            self._actions.set_checking(False)
            self._doubt.set_checking(False)
            self._doubt.offer_settling(False)
            self._source.offer_hand(False)
            self.show_problem(None)
            self._area.verticalScrollBar().setValue(0)
            self._show(link, events)

    def update_link(self, link: PaymentLink, events: Sequence[LinkEvent] | None = None) -> None:
        """Something about the shown link changed; nothing scrolls, focus stays. Another link is left alone.

        Without `events` the timeline stays as it is.
        """
        if self._link is None or self._link.invoice_number == link.invoice_number:
            self._show(link, self._events if events is None else events)

    def set_paused(self, paused: bool) -> None:
        """Offline: what is open may be out of date, and nothing can be sent."""
        self._is_paused = paused
        self._refresh()

    def set_held_back(self, is_held_back: bool) -> None:
        """A rebuilt record waits to be compared: nothing can be cancelled or refunded."""
        self._is_held_back = is_held_back
        self._refresh()

    def set_checking(self, checking: bool) -> None:
        """The link is being read: before a question is asked, or because Check now was pressed."""
        with self._keyboard.kept():
            self._actions.set_checking(checking)
            self._doubt.set_checking(checking)
            if not checking:
                self._refresh()

    def offer_settling(self, offered: bool) -> None:
        """Whether something of the shown link can be closed by hand."""
        with self._keyboard.kept():
            self._doubt.offer_settling(offered)

    def offer_hand(self, offered: bool) -> None:
        """Whether a person may say how the shown link stands, because nobody can read it."""
        self._source.offer_hand(offered)

    def show_problem(self, text: str | None) -> None:
        """Say above the buttons why nothing was done; None takes it away."""
        self._actions.show_problem(text)
        self._doubt.set_has_problem(bool(text))

    def focus_first(self) -> None:
        """Take the keyboard, for example when the table that had it makes room."""
        self._head.focus_first()

    def focus_next_step(self) -> None:
        """Put the keyboard on what can be done with the link now, or at the top where nothing can."""
        self._keyboard.go_on()

    def focus_ring_rect(self) -> QRect:
        """The head, where the keyboard is while the button that had it waits for an answer."""
        return self._head.geometry()

    def set_back_button(self, wanted: bool) -> None:
        """Show Back on top: the pane stands where another one was."""
        self._head.set_back_button(wanted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the pane."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("surface"))
        painter.end()

    def _show(self, link: PaymentLink, events: Sequence[LinkEvent]) -> None:
        self._link, self._events = link, tuple(events)
        with self._keyboard.kept():
            self._refresh()
        # Entries that arrive later get their room at once, so that no picture shows them cut.
        QCoreApplication.sendPostedEvents(self._area.widget(), QEvent.Type.LayoutRequest.value)

    def _refresh(self) -> None:
        link = self._link
        if link is None:
            return
        now = self._clock.now()
        doubt = doubt_about(link, self._events, now)
        self._head.show_link(link, now, is_stale=self._is_paused and link.is_open)
        waits_for_host = is_held(link, self._events) and bool(held_host(self._events))
        self._doubt.show_link(link, doubt, is_paused=self._is_paused, waits_for_host=waits_for_host)
        self._source.show_link(link, now, self._events)
        self._facts.show_link(link)
        self._facts.setVisible(not is_create_without_answer(link))
        self._copy.setVisible(may_copy_address(link))
        self._receipt.setVisible(link.paid is not None)
        self._timeline.show_events(self._events, now, link.note)
        self._actions.show_link(
            link, has_doubt=doubt is not None, is_paused=self._is_paused, is_held_back=self._is_held_back
        )

    def _on_cancel(self) -> None:
        if self._link is not None:
            self.cancel_requested.emit(self._link.invoice_number)

    def _on_refund(self) -> None:
        if self._link is not None:
            self.refund_requested.emit(self._link.invoice_number)

    def _on_use_again(self) -> None:
        if self._link is not None:
            self.use_again_requested.emit(self._link.invoice_number)

    def _on_check(self) -> None:
        if self._link is not None:
            self.check_requested.emit(self._link.invoice_number)

    def _on_settle(self) -> None:
        if self._link is not None:
            self.settle_requested.emit(self._link.invoice_number)

    def _on_confirm_host(self) -> None:
        if self._link is not None:
            self.confirm_host_requested.emit(self._link.invoice_number)

    def _on_hand(self) -> None:
        if self._link is not None:
            self.hand_requested.emit(self._link.invoice_number)

    def _on_copy(self) -> None:
        if self._link is not None:
            self.copy_link_requested.emit(self._link.invoice_number)

    def _on_receipt(self) -> None:
        if self._link is not None:
            self.receipt_requested.emit(self._link.invoice_number)

    def _on_details(self) -> None:
        if self._link is not None:
            self.copy_details_requested.emit(support_details(self._link, self._events))

    def _name_parts(self) -> None:
        self.setObjectName("detailPane")
        self._copy.setObjectName("detailCopyLinkButton")
        self._receipt.setObjectName("receiptButton")

    def _connect(self) -> None:
        self._head.closed.connect(self.closed)
        self._facts.revealed.connect(self.contact_revealed)
        self._facts.number_wanted.connect(self.copy_number_requested)
        self._actions.details_wanted.connect(self._on_details)
        self._actions.cancel_wanted.connect(self._on_cancel)
        self._actions.refund_wanted.connect(self._on_refund)
        self._actions.use_again_wanted.connect(self._on_use_again)
        self._doubt.check_wanted.connect(self._on_check)
        self._doubt.settle_wanted.connect(self._on_settle)
        self._doubt.confirm_host_wanted.connect(self._on_confirm_host)
        self._source.hand_wanted.connect(self._on_hand)
        self._copy.clicked.connect(self._on_copy)
        self._receipt.clicked.connect(self._on_receipt)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._scrolling(), 1)
        column.addWidget(Divider(self._look, self))
        column.addWidget(self._actions)

    def _scrolling(self) -> ScrollColumn:
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addLayout(self._middle())
        column.addWidget(Divider(self._look, content))
        column.addLayout(self._history())
        column.addStretch(1)
        self._area = ScrollColumn(self._look, content, self)
        return self._area

    def _middle(self) -> QVBoxLayout:
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.SMALL)
        buttons.addWidget(self._copy, 1)
        buttons.addWidget(self._receipt, 1)
        column = QVBoxLayout()
        column.setContentsMargins(0, Space.SMALL, 0, Space.ROW + 2)
        column.setSpacing(Space.FIELD)
        buttons.setContentsMargins(Space.PANE, 0, Space.PANE, 0)
        column.addWidget(self._source)
        column.addWidget(self._doubt)
        column.addWidget(self._facts)
        column.addLayout(buttons)
        return column

    def _history(self) -> QVBoxLayout:
        head = plain_label(tr("Timeline"), self._look, Type.BODY, weight=Weight.SEMIBOLD, parent=self)
        column = QVBoxLayout()
        column.setContentsMargins(Space.PANE, Space.ROW, Space.PANE, Space.SMALL)
        column.setSpacing(Space.SMALL)
        column.addWidget(head)
        column.addWidget(self._timeline)
        return column
