"""The card with which a till is paired: address and code, or the whole link in either of them."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QWidget

from optty_desktop.core.errors import AppError
from optty_desktop.core.pairing_text import NoCode, PairingLink, read_address, read_code, read_link
from optty_desktop.core.profile_rules import RuleBroken
from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.card_numbers import card_number_problem
from optty_desktop.ui.field import Field
from optty_desktop.ui.line_edit import LineEdit
from optty_desktop.ui.message import Message, MessageKind
from optty_desktop.ui.reading_side import align_to_reading
from optty_desktop.ui.relay_words import address_words, code_words, is_about_address, is_about_code
from optty_desktop.ui.theme import Look
from optty_desktop.ui.titled_card import TitledCard
from optty_desktop.ui.words import tr


class RelayForm(TitledCard):
    """`submitted` carries a `PairingLink`. What was typed stays until the till is paired."""

    submitted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, tr("Pair this till"), parent)
        self._was_pressed = False
        self._refused: dict[LineEdit, tuple[str, str]] = {}
        self._address, self._code = LineEdit(look, ""), LineEdit(look, "")
        self._message = Message(look, "relayMessage", self)
        self._pair = Button(look, tr("Pair this till"), ButtonKind.PRIMARY, parent=self)
        self._address_field = self._new_field(
            look, tr("Address of the relay"), self._address, "relayAddress", _address_problem
        )
        self._code_field = self._new_field(look, tr("Pairing code"), self._code, "pairingCode", _code_problem)
        self._code_field.set_hint(tr("Small letters and spaces are fine. It works once, within ten minutes."))
        self._lay_out()
        self.align()

    def first(self) -> QWidget:
        """Where the keyboard goes: the first line that is empty."""
        return self._code if self._address.text() else self._address

    def set_busy(self, busy: bool) -> None:
        """While the answer is awaited nothing is pressed twice or typed over."""
        for edit in (self._address, self._code):
            edit.setReadOnly(busy)
        if busy:
            self._message.clear()
            if self._pair.hasFocus():
                # Left to itself, the button would hand it on to the first line and mark all of it.
                self.setFocus(Qt.FocusReason.OtherFocusReason)
            self._pair.set_busy(tr("Pairing…"))
        else:
            self._pair.reset()

    def show_failure(self, error: AppError, text: str) -> None:
        """Say what went wrong, where it can be put right."""
        tried = read_address(self._address.text())
        edit = self._code if is_about_code(error) else self._address if is_about_address(error, tried) else None
        if edit is None:
            self._message.show_text(text, MessageKind.ERROR)
            self._pair.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        # Remembered with what it was said of, so that it stays when the line is only left.
        self._refused[edit] = (edit.text(), text)
        (self._code_field if edit is self._code else self._address_field).check_now()
        edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_hint(self, text: str) -> None:
        """Say something that stops nothing."""
        self._message.show_text(text, MessageKind.HINT)

    def forget_code(self) -> None:
        """A code that was used is of no more use; the address may be."""
        self._code.clear()
        self._was_pressed = False
        for field in (self._address_field, self._code_field):
            field.set_error(None)

    def align(self) -> None:
        """Begin every line where reading begins."""
        align_to_reading((self._address, self._code))

    def _new_field(
        self, look: Look, label: str, edit: LineEdit, name: str, problem: Callable[[str], str | None]
    ) -> Field:
        def check(text: str) -> str | None:
            refused, sentence = self._refused.get(edit, ("", ""))
            if text and text == refused:
                return sentence
            # Somebody who goes from one empty line to the other has done nothing wrong yet.
            return problem(text) if text.strip() or self._was_pressed else None

        edit.textChanged.connect(self._on_changed)
        edit.returnPressed.connect(self._on_pair)
        return Field(look, label, edit, name=name, check=check)

    def _on_changed(self, text: str) -> None:
        self._message.clear()
        link = read_link(text)
        if link is not None:
            self._take(link)

    def _take(self, link: PairingLink) -> None:
        """A link was pasted, or a scanner has typed its last letter; the Enter after it pairs."""
        for edit, text in ((self._address, link.url), (self._code, link.code)):
            with QSignalBlocker(edit):
                edit.setText(text)
        for field in (self._address_field, self._code_field):
            field.check_now()
        self.show_hint(tr("Address and code were taken from the link."))

    def _on_pair(self) -> None:
        if self._pair.is_busy:
            return
        self._was_pressed = True
        self._refused.clear()
        wrong = [field for field in (self._address_field, self._code_field) if not field.check_now()]
        if wrong:
            wrong[0].editor.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.submitted.emit(PairingLink(read_address(self._address.text()), read_code(self._code.text())))

    def _lay_out(self) -> None:
        self._pair.setObjectName("pairRelayButton")
        self._pair.clicked.connect(self._on_pair)
        self.add_text(
            tr(
                "Ask whoever runs the relay for its address and a code. "
                "A pairing link holds both: paste or scan it into either line."
            )
        )
        self.column.addWidget(self._address_field)
        self.column.addWidget(self._code_field)
        self.column.addWidget(self._message)
        self.column.addWidget(self._pair, 0, Qt.AlignmentFlag.AlignLeading)


def _address_problem(text: str) -> str | None:
    try:
        read_address(text)
    except RuleBroken as broken:
        return address_words(broken.rule)
    return card_number_problem(text)


def _code_problem(text: str) -> str | None:
    try:
        read_code(text)
    except NoCode:
        return code_words()
    return None
