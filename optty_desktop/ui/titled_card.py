"""A card of a settings page: a heading, and below it what belongs together."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from optty_desktop.ui.card import Card
from optty_desktop.ui.divider import Divider
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
        self._has_rows = False

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

    def add_row(self, title: str, text: str, action: QWidget | None = None) -> Passage:
        """One of several rows with a line between them: what it is, what is to be known of it, and what it offers."""
        if self._has_rows:
            self.column.addWidget(Divider(self._look, self))
        self._has_rows = True
        name = Passage(self._look, Type.BODY, weight=Weight.MEDIUM, figures=False, parent=self)
        name.setText(title)
        words = self._muted(text)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(name)
        lines.addWidget(words)
        row = QHBoxLayout()
        row.setSpacing(Space.ROW)
        row.addLayout(lines, 1)
        if action is not None:
            row.addWidget(action, 0, Qt.AlignmentFlag.AlignVCenter)
        self.column.addLayout(row)
        return words

    def _muted(self, text: str) -> Passage:
        words = Passage(self._look, Type.SMALL, ink="text_muted", figures=False, parent=self)
        words.setText(text)
        return words
