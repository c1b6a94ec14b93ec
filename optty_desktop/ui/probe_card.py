"""Test connection: one button, and then a line for each step of the way, with a sign and plain words."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from optty_desktop.core.probes import ProbeLine, ProbeSign
from optty_desktop.ui.buttons import Button
from optty_desktop.ui.icon_view import IconView
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.probe_words import line_words
from optty_desktop.ui.theme import Look
from optty_desktop.ui.titled_card import TitledCard
from optty_desktop.ui.tokens import IconSize, Space, Type, Weight
from optty_desktop.ui.words import tr

_SIGNS = {
    ProbeSign.HELD: ("circle-check", "success", "text"),
    ProbeSign.FAILED: ("circle-x", "danger", "danger"),
    ProbeSign.NOT_REACHED: ("circle-ellipsis", "text_muted", "text_muted"),
}


class ProbeCard(TitledCard):
    """`requested` asks for a test. What an earlier one found goes with the next."""

    requested = Signal()

    def __init__(self, look: Look, environment: str, parent: QWidget | None = None) -> None:
        super().__init__(look, tr("Test connection"), parent)
        self._environment = environment
        self.add_text(
            tr("Asks for a token and for an order that does not exist, by the connection in use now. No money moves.")
        )
        self.button = self._button = Button(look, tr("Test connection"), icon="plug", parent=self)
        """What asks for the test."""
        self._button.setObjectName("testConnectionButton")
        self._button.clicked.connect(self.requested)
        self.column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeading)
        self._results: QWidget | None = None
        self._had_focus = False

    def set_busy(self) -> None:
        """Say that the answer is awaited."""
        self._clear()
        self._had_focus = self._button.hasFocus()
        self._button.set_busy(tr("Testing…"))

    def show_lines(self, lines: Sequence[ProbeLine]) -> None:
        """Show what was found out."""
        self._finish()
        self._results = QWidget(self)
        self._results.setObjectName("probeResults")
        column = QVBoxLayout(self._results)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.CLOSE)
        for line in lines:
            column.addLayout(self._row(line, self._results))
        self.column.addWidget(self._results)
        self._results.setAccessibleName(tr("Result of the test"))
        self._results.setAccessibleDescription(self.text())

    def show_problem(self, text: str) -> None:
        """Say why nothing could be tested."""
        self._finish()
        self._results = Passage(self._look, Type.SMALL, weight=Weight.MEDIUM, ink="danger", parent=self)
        self._results.setObjectName("probeResults")
        self._results.setText(text)
        self.column.addWidget(self._results)

    def text(self) -> str:
        """All lines, for those who cannot see them."""
        return "\n".join(one.text() for one in self.findChildren(Passage, "probeLine"))

    def _row(self, line: ProbeLine, parent: QWidget) -> QHBoxLayout:
        icon, token, ink = _SIGNS[line.sign]
        weight = Weight.MEDIUM if line.sign is ProbeSign.FAILED else Weight.REGULAR
        words = Passage(self._look, Type.SMALL, weight=weight, ink=ink, figures=False, parent=parent)
        words.setObjectName("probeLine")
        words.setText(line_words(line, self._environment))
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addWidget(IconView(self._look, icon, token, IconSize.CHIP, parent), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        return row

    def _finish(self) -> None:
        """The button is there again, with the keyboard if that was taken from it."""
        self._clear()
        self._button.reset()
        if self._had_focus:
            self._button.setFocus()

    def _clear(self) -> None:
        if self._results is not None:
            self._results.hide()
            self._results.setParent(None)
            self._results.deleteLater()
            self._results = None
