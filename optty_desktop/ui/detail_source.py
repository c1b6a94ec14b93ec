"""How the state in the detail pane is known, and the way to say it by hand where nobody can read it."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from optty_desktop.core.events import LinkEvent
from optty_desktop.core.links import PaymentLink
from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.source_words import source_words
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space, Type
from optty_desktop.ui.words import tr


class DetailSource(QWidget):
    """One line, and Set by hand… beside it."""

    hand_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = Passage(look, Type.SMALL, ink="text_muted", line=Type.SMALL.line, parent=self)
        self._words.setObjectName("detailSourceLabel")
        self._hand = Button(look, tr("Set by hand…"), ButtonKind.QUIET, parent=self)
        self._hand.setObjectName("setByHandButton")
        self._hand.clicked.connect(self.hand_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.PANE, 0, Space.PANE, 0)
        row.setSpacing(Space.TIGHT)
        # Not an alignment flag: with one the words would not wrap.
        beside = QVBoxLayout()
        beside.addStretch(1)
        beside.addWidget(self._words)
        beside.addStretch(1)
        row.addLayout(beside, 1)
        row.addWidget(self._hand)
        self.offer_hand(False)

    def show_link(self, link: PaymentLink, now: datetime, events: Sequence[LinkEvent]) -> None:
        """Say where the knowledge about `link` comes from; `events` newest first."""
        self._words.setText(source_words(link, now, events))

    def offer_hand(self, offered: bool) -> None:
        """Whether a person may say how the shown link stands."""
        self._hand.setVisible(offered)
