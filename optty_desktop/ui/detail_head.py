"""The top of the detail pane: which link, how it stands, how much."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.ui.amount_label import AmountLabel
from optty_desktop.ui.buttons import Button, ButtonKind, IconButton
from optty_desktop.ui.detail_words import how_it_stands, note_line
from optty_desktop.ui.elided_label import ElidedLabel
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.short_number import shown_reference
from optty_desktop.ui.status_chip import StatusChip
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, Space, Type, Weight
from optty_desktop.ui.words import tr

_MUTED = frozenset({LinkState.CANCELLED, LinkState.EXPIRED})


class DetailHead(QWidget):
    """Title, chip, amount, one line about the payment and the note."""

    closed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._back = Button(look, tr("Back"), ButtonKind.QUIET, "chevron-left", parent=self)
        self._back.setObjectName("detailBackButton")
        self._title = ElidedLabel(look, mode=Qt.TextElideMode.ElideMiddle, parent=self)
        self._title.setFont(look.font(Type.TITLE_FORM, weight=Weight.SEMIBOLD, figures=True))
        self._title.setObjectName("detailTitle")
        self._chip = StatusChip(look, self)
        self._chip.setObjectName("detailStatusChip")
        self._close = IconButton(look, "x", tr("Close"), self)
        self._close.setObjectName("detailCloseButton")
        self._amount = AmountLabel(look, Type.AMOUNT_DETAIL, self)
        self._amount.setObjectName("detailAmountLabel")
        self._stands = Passage(look, Type.SMALL, ink="text_muted", line=Type.SMALL.line, parent=self)
        self._stands.setObjectName("detailSentenceLabel")
        self._note = Passage(look, Type.SMALL, weight=Weight.SEMIBOLD, ink="warning", line=Type.SMALL.line, parent=self)
        self._note.setObjectName("detailNoteLabel")
        self._close.clicked.connect(self.closed)
        self._back.clicked.connect(self.closed)
        self._lay_out()
        self.set_back_button(False)

    def show_link(self, link: PaymentLink, now: datetime, *, is_stale: bool) -> None:
        """Show `link`; `is_stale` says that nobody answered for a while."""
        self._title.setText(shown_reference(link))
        self._chip.set_state(link.state, stale=is_stale, by_hand=link.is_unconfirmed)
        self._amount.set_money(link.amount, muted=link.state in _MUTED)
        for label, words in ((self._stands, how_it_stands(link, now)), (self._note, note_line(link, now))):
            label.setText(words)
            label.setVisible(bool(words))

    def focus_first(self) -> None:
        """Put the keyboard on the way back, else on the cross."""
        first = self._back if self._back.isVisibleTo(self) else self._close
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_back_button(self, wanted: bool) -> None:
        """Back, where the pane stands in place of another one, or the small cross."""
        self._back.setVisible(wanted)
        self._close.setVisible(not wanted)

    def _lay_out(self) -> None:
        back = QHBoxLayout()
        back.addSpacing(Space.TIGHT)
        back.addWidget(self._back)
        back.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(0)
        top.addSpacing(Space.PANE)
        top.addWidget(self._title)
        top.addSpacing(Space.FIELD)
        top.addWidget(self._chip)
        top.addStretch(1)
        top.addWidget(self._close)
        top.addSpacing(Space.TIGHT)
        rest = QVBoxLayout()
        rest.setContentsMargins(Space.PANE, 0, Space.PANE, 0)
        rest.setSpacing(0)
        rest.addWidget(self._amount)
        rest.addSpacing(Space.TIGHT + 1)
        rest.addWidget(self._stands)
        rest.addWidget(self._note)
        # Spacings follow the reading direction; the margins of a layout do not.
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.ROW, 0, 0)
        column.setSpacing(0)
        for part in (back, top, rest):
            column.addLayout(part)
        self._title.setMinimumHeight(Height.HIT)
