"""A labelled field: words above, the editor, below it a message that says what is wrong and how to put it right."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from optty_desktop.ui.line_edit import LineEdit
from optty_desktop.ui.message import Message, MessageKind, plain_label
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space, Type, Weight
from optty_desktop.ui.words import tr

__all__ = ["Field", "LineEdit"]

Check = Callable[[str], str | None]
"""Takes what was typed and returns what is wrong with it, or None."""


@runtime_checkable
class CheckingEditor(Protocol):
    """An editor of several parts that knows what is wrong with it, says when it was edited and when it was left."""

    edited: SignalInstance
    left: SignalInstance

    def problem_text(self) -> str | None:
        """What is wrong, in words, or None."""


class Field(QWidget):
    """Label, editor and message. Checked on leaving, and on each key while something is wrong.

    `name` names the parts: `<name>Edit` for an editor without a name of its own, `<name>Error` for the message.
    `keeps_room`: what stands below does not move when there is something to say.
    """

    def __init__(
        self,
        look: Look,
        label: str,
        editor: QWidget,
        *,
        optional: bool = False,
        name: str,
        check: Check | None = None,
        keeps_room: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._check = check
        self._hint = ""
        self._warning = ""
        self._message = Message(look, f"{name}Error", self)
        if keeps_room:
            self._message.keep_room()
        self._label = plain_label(label, look, Type.SMALL, weight=Weight.SEMIBOLD, parent=self)
        self._optional: QLabel | None = None
        self._label.setBuddy(editor)
        if not editor.objectName():
            editor.setObjectName(f"{name}Edit")
        editor.setAccessibleName(label)
        self._lay_out(look, optional=optional)
        if isinstance(editor, QLineEdit):
            editor.textEdited.connect(self._on_edited)
            editor.textChanged.connect(self._on_changed)
        if isinstance(editor, LineEdit):
            editor.left.connect(self._on_left)
        elif isinstance(editor, CheckingEditor):
            editor.edited.connect(self._on_edited)
            editor.left.connect(self._on_left)

    @property
    def editor(self) -> QWidget:
        """What is typed or chosen in."""
        return self._editor

    @property
    def label(self) -> QLabel:
        """The words above."""
        return self._label

    def lend_message(self) -> Message:
        """The message, to stand elsewhere with more room until `take_message_back()`."""
        return self._message

    def take_message_back(self) -> None:
        """Puts the message below the editor again."""
        self._column.insertWidget(self._column.indexOf(self._editor) + 1, self._message)

    @property
    def has_error(self) -> bool:
        """Whether an error is shown."""
        return self._message.kind is MessageKind.ERROR

    def error_text(self) -> str:
        """The error shown, empty without one."""
        return self._message.text() if self.has_error else ""

    def set_error(self, text: str | None) -> None:
        """Shows what is wrong, or goes back to warning and hint."""
        if text is None and not self.has_error and self._message.text() == (self._warning or self._hint):
            self._mark(wrong=False)
            return
        self._mark(wrong=text is not None)
        if text is not None:
            self._message.show_text(text, MessageKind.ERROR)
        else:
            self._show_rest()
        self._editor.setAccessibleDescription(text or self._warning or self._hint)

    def set_warning(self, text: str | None) -> None:
        """Shows something to look at again; it blocks nothing and gives way to an error."""
        self._warning = text or ""
        if not self.has_error:
            self.set_error(None)

    def set_hint(self, text: str | None) -> None:
        """Shows an explanation; it gives way to errors and warnings."""
        self._hint = text or ""
        if not self.has_error:
            self.set_error(None)

    def check_now(self) -> bool:
        """Checks what is there, shows the outcome, and says whether it is right."""
        problem: str | None = self.error_text() or None
        if isinstance(self._editor, CheckingEditor):
            problem = self._editor.problem_text()
        elif self._check is not None and isinstance(self._editor, QLineEdit):
            problem = self._check(self._editor.text())
        if (problem or "") != self.error_text():
            self.set_error(problem)
        return problem is None

    def _on_edited(self, _text: str = "") -> None:
        if self.has_error:
            self.check_now()

    def _on_left(self) -> None:
        self.check_now()

    def _on_changed(self, text: str) -> None:
        if not text and self.has_error and self._check is not None and not self._editor.hasFocus():
            self.set_error(None)

    def _show_rest(self) -> None:
        if self._warning:
            self._message.show_text(self._warning, MessageKind.WARNING)
        elif self._hint:
            self._message.show_text(self._hint, MessageKind.HINT)
        else:
            self._message.clear()

    def _mark(self, *, wrong: bool) -> None:
        mark = getattr(self._editor, "set_wrong", None)
        if mark is not None:
            mark(wrong)

    def _lay_out(self, look: Look, *, optional: bool) -> None:
        top = QHBoxLayout()
        top.setSpacing(Space.TIGHT)
        top.addWidget(self._label)
        if optional:
            self._optional = plain_label(tr("(optional)"), look, Type.SMALL, ink="text_muted", parent=self)
            top.addWidget(self._optional)
        top.addStretch(1)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addSpacing(Space.LABEL)
        column.addWidget(self._editor)
        column.addWidget(self._message)
        follow_up = getattr(self._editor, "follow_up", None)
        if isinstance(follow_up, QWidget):
            column.addWidget(follow_up)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
