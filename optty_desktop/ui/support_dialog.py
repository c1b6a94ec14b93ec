"""The support file before it goes anywhere: exactly what it holds, to be read, copied or saved."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.environment_band import frame_margins, paint_environment_frame
from optty_desktop.ui.focus_ring import FocusRing
from optty_desktop.ui.message import Message, MessageKind, plain_label
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.shapes import draw_box
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Radius, Space, Type
from optty_desktop.ui.veiled_dialog import VeiledDialog
from optty_desktop.ui.words import tr

_WISHED = QSize(720, 640)


class SupportDialog(VeiledDialog):
    """On the screen before the report is: ``show_report`` brings it, ``show_failure`` says that there is none.

    ``copy_requested`` and ``save_requested`` come only while there is a report.
    """

    copy_requested = Signal()
    save_requested = Signal()

    def __init__(self, look: Look, kind: EnvironmentKind, parent: QWidget | None = None) -> None:
        super().__init__(look, kind, parent)
        self._text = ""
        self.setObjectName("supportDialog")
        self.set_title(tr("Support file"))
        self._box = QWidget(self)
        self._report = _ReportView(look, self._box)
        self._report.setPlainText(tr("Putting the file together…"))
        self._said = Message(look, "supportMessage", self)
        self._copy = self._button("supportCopyButton", tr("Copy"), ButtonKind.SECONDARY)
        self._save = self._button("supportSaveButton", tr("Save…"), ButtonKind.PRIMARY)
        self._close = self._button("supportCloseButton", tr("Close"), ButtonKind.SECONDARY)
        self._copy.clicked.connect(self.copy_requested)
        self._save.clicked.connect(self.save_requested)
        self._close.clicked.connect(self.accept)
        self._set_ready(is_ready=False)
        self._lay_out()
        self.resize(_WISHED if parent is None else _WISHED.boundedTo(parent.window().size()))
        FocusRing(look, self)
        self._close.setFocus()

    @property
    def report(self) -> str:
        """The text that is shown and would be saved; empty until it is there."""
        return self._text

    def show_report(self, text: str) -> None:
        """Show the whole text, from its beginning."""
        self._text = text
        self._report.setPlainText(text)
        self._set_ready(is_ready=True)

    def show_failure(self, text: str) -> None:
        """Say why there is no report."""
        self._report.clear()
        self._said.show_text(text, MessageKind.ERROR)

    def show_done(self, text: str) -> None:
        """Say what has become of the report."""
        self._said.show_text(text, MessageKind.SUCCESS)

    def show_problem(self, text: str) -> None:
        """Say why it was not saved; it is still there."""
        self._said.show_text(text, MessageKind.ERROR)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, the frame of the environment and the box round the report."""
        look = self._look
        fill, border, width = look.color("surface_alt"), look.color("control_border"), look.theme.border
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.color("surface"))
        draw_box(painter, self._box.geometry(), Radius.FIELD, fill=fill, border=border, width=width)
        paint_environment_frame(painter, self.rect(), self._look, self._environment)
        painter.end()

    def _button(self, name: str, text: str, kind: ButtonKind) -> Button:
        button = Button(self._look, text, kind, parent=self)
        button.setObjectName(name)
        return button

    def _set_ready(self, *, is_ready: bool) -> None:
        self._copy.setEnabled(is_ready)
        self._save.setEnabled(is_ready)

    def _lay_out(self) -> None:
        what = Passage(self._look, Type.BODY, parent=self)
        what.say(
            tr(
                "This is all that the file holds: **no secrets and no customer data.** "
                "Read it, then send it to whoever helps you."
            )
        )
        what.setObjectName("supportText")
        inside = QVBoxLayout(self._box)
        inside.setContentsMargins(Space.FIELD, Space.SMALL, Space.TIGHT, Space.SMALL)
        inside.addWidget(self._report)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.SECTION, Space.LARGE, Space.SECTION, Space.LARGE)
        column.setContentsMargins(column.contentsMargins() + frame_margins(self._environment))
        column.setSpacing(0)
        column.addWidget(plain_label(tr("Support file"), self._look, Type.TITLE))
        column.addSpacing(Space.SMALL)
        column.addWidget(what)
        column.addSpacing(Space.ROW)
        column.addWidget(self._box, 1)
        column.addWidget(self._said)
        column.addSpacing(Space.PANE)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.ROW)
        for button in (self._copy, self._save, self._close):
            buttons.addWidget(button, 1)
        column.addLayout(buttons)


class _ReportView(QPlainTextEdit):
    """A text to read and select, in a box. It reads from the left in every language, for it is English."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("supportReport")
        self.setAccessibleName(tr("What the file holds"))
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setTabChangesFocus(True)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setFont(look.font(Type.SMALL))
        self.setFrameShape(QFrame.Shape.NoFrame)
        # The box is painted by the dialog.
        self.viewport().setAutoFillBackground(False)
        look.sheet(self.verticalScrollBar())
