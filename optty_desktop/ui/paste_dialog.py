"""The window for a pasted notification: the text or a file, what was understood of it, then what came of it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from optty_desktop.till.paste_notices import Outcome, Understood
from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.environment_kinds import LIVE
from optty_desktop.ui.file_drop import FileDrop
from optty_desktop.ui.message import Message, MessageKind
from optty_desktop.ui.notice_edit import NoticeEdit
from optty_desktop.ui.notice_words import heading_words, outcome_lines, understood_lines
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space, Type, Weight
from optty_desktop.ui.words import tr, tr_n


class PasteDialog(ConfirmDialog):
    """`text_given` and `file_given` carry what is to be understood; `file_wanted`: somebody wants to choose one.

    Confirmed means: read the links of `understood`.
    """

    text_given = Signal(str)
    file_given = Signal(object)
    file_wanted = Signal()

    def __init__(self, look: Look, *, environment: str = LIVE, parent: QWidget | None = None) -> None:
        super().__init__(look, "paste", environment=environment, width=640, parent=parent)
        self.understood: Understood | None = None
        """What would be read now."""
        self.set_heading(tr("Paste a notification"))
        self._text.set_role(Type.ROW)
        self._text.setText(
            tr(
                "A notification says which link to look at. It changes nothing by itself: its link is read at the "
                "payment service, and only that counts."
            )
        )
        self._edit = NoticeEdit(look, self)
        self._choose = Button(look, tr("Choose file…"), icon="file-up", parent=self)
        self._choose.setObjectName("chooseNoticeButton")
        self._problem = Message(look, "noticeProblem", self)
        self._found = _Found(look, self)
        self._add_parts(look)
        self.add_keep(tr("Close"))
        self._check = self.add_confirm(_check_words(0), ButtonKind.PRIMARY)
        self._check.setEnabled(False)
        self._drop = FileDrop(self, lambda: not self.is_sending)
        self._connect()

    def showEvent(self, event: QShowEvent) -> None:
        """Take the keyboard where a paste belongs: nothing can be done here by a press too many."""
        super().showEvent(event)
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_understood(self, understood: Understood, source: str = "") -> None:
        """Say what was read, from the file `source` or from the text, before anything is done with it."""
        self.understood = understood
        self._problem.clear()
        heading = heading_words(understood)
        if source:
            heading = tr("{heading} from {file}", heading=heading, file=harmless(source, 60))
        self._found.say(heading, understood_lines(understood))
        self._check.setText(_check_words(len(understood.links)))
        self._check.setEnabled(bool(understood.links))

    def show_unread(self, text: str) -> None:
        """Say why nothing was understood; an empty text says nothing, as for an empty field."""
        self._forget()
        if text:
            self._problem.show_text(text, MessageKind.ERROR)

    def show_outcome(self, outcomes: Sequence[Outcome], unknown: Sequence[str]) -> None:
        """Say what came of it. Another notification can be pasted then."""
        self._give_back()
        self._forget()
        self._found.say(tr("Done"), outcome_lines(outcomes, unknown))
        self.bring_into_view(self._found)

    def set_sending(self) -> None:
        """While the links are read nothing else begins."""
        super().set_sending()
        self._check.set_busy(tr("Reading…"))
        self._set_parts_enabled(False)

    def set_problem(self, text: str) -> None:
        """Say why nothing was kept; it can be tried again."""
        self._check.reset()
        self._set_parts_enabled(True)
        super().set_problem(text)

    def _give_back(self) -> None:
        self._is_sending = False
        self._check.reset()
        self._set_parts_enabled(True)
        if self._keep is not None:
            self._keep.setEnabled(True)
            self._keep.setFocus()

    def _forget(self) -> None:
        self.understood = None
        self._problem.clear()
        self._found.clear()
        self._check.setText(_check_words(0))
        self._check.setEnabled(False)

    def _set_parts_enabled(self, enabled: bool) -> None:
        for part in (self._edit, self._choose):
            part.setEnabled(enabled)

    def _on_settled(self) -> None:
        if not self.is_sending:
            self.text_given.emit(self._edit.toPlainText())

    def take_files(self, files: tuple[Path, ...]) -> None:
        """Somebody dropped these, here or on the window behind."""
        if len(files) == 1:
            self.file_given.emit(files[0])
        else:
            self.show_unread(tr("Nothing was read. Drop one file of this computer"))

    def _on_too_long(self) -> None:
        self.show_unread(tr("This is more than 1 MB, which no notification is. Copy the notification alone"))

    def _connect(self) -> None:
        self._edit.settled.connect(self._on_settled)
        self._edit.too_long.connect(self._on_too_long)
        self._choose.clicked.connect(self.file_wanted)
        self._drop.dropped.connect(self.take_files)

    def _add_parts(self, look: Look) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.ROW)
        row.addWidget(self._choose)
        hint = Passage(look, Type.SMALL, ink="text_muted", parent=self)
        hint.setText(tr("or drop a file here. It is only read."))
        # Not an alignment flag: with one the words would not wrap.
        beside = QVBoxLayout()
        beside.addStretch(1)
        beside.addWidget(hint)
        beside.addStretch(1)
        row.addLayout(beside, 1)
        self.add(self._text, Space.TIGHT)
        self.add(self._edit, Space.FIELD)
        self.body.addSpacing(Space.SMALL)
        self.body.addLayout(row)
        self.add(self._problem, 0)
        self.add(self._found, Space.ROW)


class _Found(QWidget):
    """A heading and a line for each thing that was understood, or that came of it."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._heading = Passage(look, Type.BODY, weight=Weight.SEMIBOLD, figures=False, parent=self)
        self._heading.setObjectName("noticeHeading")
        self._lines: list[Passage] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.TIGHT)
        self._column.addWidget(self._heading)
        self.hide()

    def say(self, heading: str, lines: Sequence[str]) -> None:
        self.clear()
        self._heading.setText(heading)
        for words in lines:
            line = Passage(self._look, Type.ROW, figures=False, parent=self)
            line.setObjectName("noticeLine")
            line.setText(words)
            self._column.addWidget(line)
            self._lines.append(line)
        self.show()

    def clear(self) -> None:
        for line in self._lines:
            line.hide()
            self._column.removeWidget(line)
            line.deleteLater()
        self._lines = []
        self.hide()


def _check_words(links: int) -> str:
    return tr_n("Read {n} link", "Read {n} links", links) if links else tr("Read the links")
