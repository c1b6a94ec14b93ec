"""Before a route to real money is used for the first time: the request to look at, and a box to tick."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from optty_desktop.ui.check_box import CheckBox
from optty_desktop.ui.message import Message, MessageKind
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.request_line import RequestLine
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space, Type, Weight
from optty_desktop.ui.words import tr


class FirstUseNotice(QWidget):
    """`ticked` carries whether somebody says that it was tried in Sandbox. `keeps_room` for `check_now`."""

    ticked = Signal(bool)

    def __init__(self, look: Look, request: str, parent: QWidget, *, keeps_room: bool = False) -> None:
        super().__init__(parent)
        words = Passage(look, Type.ROW, weight=Weight.SEMIBOLD, ink="warning", figures=False, parent=self)
        words.setObjectName("firstUseText")
        words.setText(tr("First use of this route. Try it in Sandbox first."))
        line = RequestLine(look, self)
        line.show_request(request)
        self._box = CheckBox(look, tr("I have tried it in Sandbox"), parent=self)
        self._box.setObjectName("triedCheck")
        self._message = Message(look, "triedError", self)
        if keeps_room:
            self._message.keep_room()
        self._box.toggled.connect(self._on_toggled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.CLOSE)
        for part in (words, line, self._box, self._message):
            column.addWidget(part)

    @property
    def is_ticked(self) -> bool:
        """Whether somebody says that it was tried."""
        return self._box.isChecked()

    def check_now(self) -> bool:
        """Say what is missing, take the keyboard there, and tell whether it is ticked."""
        if not self.is_ticked:
            self._message.show_text(tr("Tick this once you have tried it in Sandbox"), MessageKind.ERROR)
            self._box.setFocus()
        return self.is_ticked

    def _on_toggled(self, is_on: bool) -> None:
        self._message.clear()
        self.ticked.emit(is_on)
