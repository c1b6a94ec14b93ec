"""Where the files of Postman are chosen or dropped, and below it what came of them."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from optty_desktop.ui.buttons import Button
from optty_desktop.ui.link_button import LinkButton
from optty_desktop.ui.message import Message, MessageKind, plain_label
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Radius, Space, Type
from optty_desktop.ui.words import tr

_DASH = 3
_EDGE = 11


class ImportArea(QWidget):
    """`requested`: somebody wants to choose files; `delete_requested`: to delete those that hold the secret."""

    requested = Signal()
    delete_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._box = _DropBox(look, self)
        self.button = Button(look, tr("Import from Postman…"), icon="file-up", parent=self)
        self.button.setObjectName("importPostmanButton")
        self.button.clicked.connect(self.requested)
        hint = plain_label("", look, Type.SMALL, ink="text_muted", parent=self)
        hint.setText(tr("or drop the collection here, with the environment if you have one. Both are only read."))
        hint.setWordWrap(True)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._box)
        self._row.setContentsMargins(_EDGE + 1, _EDGE, _EDGE + 1, _EDGE)
        self._row.setSpacing(Space.ROW)
        self._row.addWidget(self.button)
        self._row.addWidget(hint, 1)
        self._result = Message(look, "importResultLabel", self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._box)
        self._column.addWidget(self._result)
        self._offer: _DeleteOffer | None = None

    def set_highlighted(self, highlighted: bool) -> None:
        """Shows that what is held over the window would be taken."""
        self._box.set_highlighted(highlighted)

    def set_narrow(self, narrow: bool) -> None:
        """Puts the words below the button."""
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._row.setDirection(way)

    def show_result(self, text: str) -> None:
        """Says what came of it."""
        self._result.show_text(text, MessageKind.SUCCESS)

    def clear_result(self) -> None:
        """Takes those words away."""
        self._result.clear()

    def offer_deletion(self, count: int) -> None:
        """Offers to delete so many files that hold the secret; 0 offers nothing."""
        if self._offer is not None:
            self._column.removeWidget(self._offer)
            self._offer.deleteLater()
            self._offer = None
        if count:
            self._offer = _DeleteOffer(self._look, count, self)
            self._offer.button.clicked.connect(self.delete_requested)
            self._column.addWidget(self._offer)
            self._offer.show()
            QWidget.setTabOrder(self.button, self._offer.button)


class _DropBox(QWidget):
    """The dashed box, marked while something is held over the window."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._is_highlighted = False
        self.setObjectName("importDropArea")

    def set_highlighted(self, highlighted: bool) -> None:
        if highlighted != self._is_highlighted:
            self._is_highlighted = highlighted
            self.setProperty("highlighted", highlighted)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and dashed edge; a whole, coloured edge while highlighted."""
        fill, edge, extra = ("selection", "accent", 1) if self._is_highlighted else ("surface_alt", "control_border", 0)
        pen = QPen(self._look.color(edge), self._look.theme.border + extra)
        if not self._is_highlighted:
            pen.setDashPattern([_DASH, _DASH])
        inset = pen.widthF() / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        painter.setBrush(self._look.color(fill))
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, Radius.FIELD, Radius.FIELD)
        painter.end()


class _DeleteOffer(QWidget):
    """The reminder that a secret lies in a file, and the way to be rid of it."""

    def __init__(self, look: Look, count: int, parent: QWidget) -> None:
        super().__init__(parent)
        is_one = count == 1
        words = Message(look, "importSecretLabel", self)
        words.show_text(
            tr("The file holds your secret. Delete it when you are signed in.")
            if is_one
            else tr("The files hold your secret. Delete them when you are signed in."),
            MessageKind.WARNING,
        )
        self.button = LinkButton(look, tr("Delete the file…") if is_one else tr("Delete the files…"), self)
        self.button.setObjectName("deleteImportButton")
        row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.ROW)
        # Not an alignment flag: with one the words would not wrap.
        beside = QVBoxLayout()
        beside.addStretch(1)
        beside.addWidget(words)
        beside.addStretch(1)
        row.addLayout(beside, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
