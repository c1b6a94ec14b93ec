"""The card of a till that is paired: as what, since when, when the relay was heard last; check it, end it."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from optty_desktop.core.pairing import RelayPairing
from optty_desktop.ui.buttons import Button
from optty_desktop.ui.divider import Divider
from optty_desktop.ui.icon_view import IconView
from optty_desktop.ui.message import Message, MessageKind
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.times import when
from optty_desktop.ui.titled_card import TitledCard
from optty_desktop.ui.tokens import IconSize, Space, Type
from optty_desktop.ui.words import tr

_LONGEST = 100


class RelayCard(TitledCard):
    """`check_requested` and `unpair_requested` say what was pressed."""

    check_requested = Signal()
    unpair_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, tr("This till at the relay"), parent)
        self._sign = IconView(look, "circle-check", "success", IconSize.TOOL, self)
        self._name = Passage(look, Type.BODY, figures=False, parent=self)
        self._name.setObjectName("relayTillText")
        self._add_name()
        self._url = self._add_row(look, tr("Relay"), "relayUrlText")
        self._since = self._add_row(look, tr("Paired since"), "relaySinceText")
        self._heard = self._add_row(look, tr("Last heard"), "relayHeardText")
        self._message = Message(look, "relayStateMessage", self)
        self._check = Button(look, tr("Check now"), icon="refresh-cw", parent=self)
        self._unpair = Button(look, tr("Unpair…"), parent=self)
        self._lay_out()

    def show_pairing(self, pairing: RelayPairing, heard_at: datetime | None, now: datetime) -> None:
        """Show what is so; what was said of it stays."""
        self._sign.set_icon("circle-check", "success")
        self._name.say(tr("Paired as **{till}** of {shop}"), till=_apart(pairing.name), shop=_apart(pairing.shop))
        self._url.setText(harmless(pairing.url, 2 * _LONGEST))
        self._since.setText(tr("Not known") if pairing.paired_at is None else when(pairing.paired_at, now))
        self._heard.setText(tr("Not since this program was started") if heard_at is None else when(heard_at, now))

    def show_lost(self) -> None:
        """The relay knows nothing of this till."""
        self._sign.set_icon("circle-x", "danger")

    def set_busy(self, busy: bool) -> None:
        """Say that the relay's answer is awaited; the keyboard stays where it was."""
        if busy:
            self._message.clear()
            if self._check.hasFocus():
                # A button that is switched off would hand it on to the next one, which a second Enter would press.
                self.setFocus(Qt.FocusReason.OtherFocusReason)
            self._check.set_busy(tr("Asking the relay…"))
            self._unpair.setEnabled(False)
        else:
            self._check.reset()
            self._unpair.setEnabled(True)
            if self.hasFocus():
                self._check.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, text: str, kind: MessageKind) -> None:
        """Say what came of it."""
        self._message.show_text(text, kind)

    def clear_message(self) -> None:
        """What was said is not of now any more."""
        self._message.clear()

    def first(self) -> QWidget:
        """Where the keyboard goes: the button that changes nothing."""
        return self._check

    def _add_name(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._name, 1)
        self.column.addLayout(row)

    def _add_row(self, look: Look, title: str, name: str) -> Passage:
        words = Passage(look, Type.BODY, parent=self)
        words.setText(title)
        value = Passage(look, Type.SMALL, ink="text_muted", figures=False, parent=self)
        value.setObjectName(name)
        row = QVBoxLayout()
        row.setSpacing(0)
        row.addWidget(words)
        row.addWidget(value)
        self.column.addWidget(Divider(look, self))
        self.column.addLayout(row)
        return value

    def _lay_out(self) -> None:
        self._check.setObjectName("checkRelayButton")
        self._unpair.setObjectName("unpairRelayButton")
        self._check.clicked.connect(self.check_requested)
        self._unpair.clicked.connect(self.unpair_requested)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.SMALL)
        buttons.addWidget(self._check)
        buttons.addWidget(self._unpair)
        buttons.addStretch(1)
        self.column.addWidget(self._message)
        self.column.addLayout(buttons)


def _apart(name: str) -> str:
    """A name of the relay, whose direction must not turn the words around it."""
    return f"\u2068{harmless(name, _LONGEST)}\u2069"
