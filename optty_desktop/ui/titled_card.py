"""A card of a settings page: a heading, and below it what belongs together."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from optty_desktop.ui.card import Card
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.radio_button import LEAD, RadioButton
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space, Type, Weight


class TitledCard(Card):
    """`column` takes the parts, from top to bottom."""

    def __init__(self, look: Look, title: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(Space.PANE + 1, Space.ROW + 1, Space.PANE + 1, Space.PANE + 1)
        self.column.setSpacing(Space.FIELD)
        self._title = Passage(look, Type.BODY, weight=Weight.SEMIBOLD, figures=False, parent=self)
        self._title.setText(title)
        self.column.addWidget(self._title)

    def add_text(self, text: str, *, name: str = "") -> Passage:
        """A muted explanation below the parts so far."""
        words = self._muted(text)
        words.setObjectName(name)
        self.column.addWidget(words)
        return words

    def add_choice(self, choice: RadioButton, meaning: str) -> None:
        """One of several choices, with what it means below its words."""
        below = QHBoxLayout()
        below.addSpacing(LEAD)
        below.addWidget(self._muted(meaning), 1)
        whole = QVBoxLayout()
        whole.setSpacing(0)
        whole.addWidget(choice)
        whole.addLayout(below)
        self.column.addLayout(whole)

    def _muted(self, text: str) -> Passage:
        words = Passage(self._look, Type.SMALL, ink="text_muted", figures=False, parent=self)
        words.setText(text)
        return words
