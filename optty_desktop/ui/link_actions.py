"""What can be done with a link that was just made: the row of buttons, and Cancel apart from them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from optty_desktop.core.links import LinkState, PaymentLink, may_cancel, may_refund
from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.error_words import rebuilt_text
from optty_desktop.ui.icon_view import IconView
from optty_desktop.ui.menu import Menu
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import IconSize, Space, Type
from optty_desktop.ui.words import tr

_APART = Space.SECTION - 1


class LinkActions(QWidget):
    """Copy message, Show to customer, Print, Save image; below them a note and Cancel link….

    Condensed it is one row, with Print and Save image in a menu.
    """

    message_wanted = Signal()
    customer_wanted = Signal()
    print_wanted = Signal()
    image_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message = self._button(look, tr("Copy message"), "message-square", "copyMessageButton")
        self._customer = self._button(look, tr("Show to customer"), "monitor", "showToCustomerButton")
        self._print = self._button(look, tr("Print"), "printer", "printButton")
        self._save = self._button(look, tr("Save image"), "download", "saveImageButton")
        self._more = self._button(look, tr("More"), None, "moreButton")
        self._cancel = self._button(look, tr("Cancel link…"), "ban", "cancelLinkButton")
        self._cancel.set_kind(ButtonKind.DANGER_OUTLINE)
        self._menu = Menu(look, "moreMenu", self)
        self._print_action = self._menu.addAction(tr("Print"))
        self._save_action = self._menu.addAction(tr("Save image"))
        self._note_icon = IconView(look, "mail", "text_muted", IconSize.CHIP, self)
        self._note = plain_label("", look, Type.SMALL, ink="text_muted", parent=self)
        self._note.setWordWrap(True)
        self._reason = self._aside = ""
        self._is_condensed = False
        self._lay_out()
        self._connect()
        self.set_condensed(False)

    @property
    def is_usable(self) -> bool:
        """Whether the link may still be handed to the customer."""
        return self._message.isEnabled()

    def show_link(self, link: PaymentLink, note: str, *, is_paused: bool, is_held_back: bool) -> None:
        """Switches the buttons for `link`; `note` is said beside Cancel link…, or the reason why that is off."""
        is_usable = link.is_open and link.url is not None
        for button in (self._message, self._customer, self._save):
            button.setEnabled(is_usable)
        self._save_action.setEnabled(is_usable)
        # It keeps its place when it is off: nothing slides under a finger that is on its way to it.
        self._cancel.setEnabled(may_cancel(link) and not is_paused and not is_held_back)
        self._reason = _why_not(link, is_paused=is_paused, is_held_back=is_held_back)
        self._aside = note
        self._show_note()

    def set_condensed(self, condensed: bool) -> None:
        """Goes to one row, or back to two."""
        self._is_condensed = condensed
        self._print.setVisible(not condensed)
        self._save.setVisible(not condensed)
        self._more.setVisible(condensed)
        here, there = (self._second, self._bottom) if condensed else (self._bottom, self._second)
        there.removeWidget(self._cancel)
        here.addWidget(self._cancel)
        self._column.setSpacing(Space.SMALL if condensed else _APART)
        self._show_note()

    def set_narrow(self, narrow: bool) -> None:
        """Two of them on a line, where a line has no room for all."""
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._rows.setDirection(way)

    def set_tight(self, tight: bool) -> None:
        """Bring the two rows closer together, or apart again."""
        self._column.setSpacing(Space.SMALL if tight or self._is_condensed else _APART)

    def full_height(self, *, tight: bool, condensed: bool = False) -> int:
        """How high the two rows are, or the one with a line for the reason why something is off."""
        row = self._message.sizeHint().height()
        if condensed:
            return row + Space.SMALL + Type.SMALL.line
        return 2 * row + (Space.SMALL if tight else _APART)

    def _show_note(self) -> None:
        """The reason why something is off is always said; the aside only where there is room."""
        text = self._reason or ("" if self._is_condensed else self._aside)
        self._note_icon.set_icon("info" if self._reason else "mail", "text_muted")
        self._note.setText(text)
        self._note.setVisible(bool(text))
        self._note_icon.setVisible(bool(text))

    def _on_more(self) -> None:
        self._menu.open_above(self._more)

    def _button(self, look: Look, text: str, icon: str | None, name: str) -> Button:
        button = Button(look, text, ButtonKind.SECONDARY, icon, parent=self)
        button.setObjectName(name)
        return button

    def _connect(self) -> None:
        self._message.clicked.connect(self.message_wanted)
        self._customer.clicked.connect(self.customer_wanted)
        self._print.clicked.connect(self.print_wanted)
        self._save.clicked.connect(self.image_wanted)
        self._cancel.clicked.connect(self.cancel_wanted)
        self._print_action.triggered.connect(self.print_wanted)
        self._save_action.triggered.connect(self.image_wanted)
        self._more.clicked.connect(self._on_more)

    def _lay_out(self) -> None:
        self._first, self._second = QHBoxLayout(), QHBoxLayout()
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        for row in (self._rows, self._first, self._second):
            row.setSpacing(Space.SMALL)
        for button in (self._message, self._customer):
            self._first.addWidget(button)
        for button in (self._print, self._save, self._more):
            self._second.addWidget(button)
        self._rows.addLayout(self._first)
        self._rows.addLayout(self._second)
        note = QHBoxLayout()
        note.setSpacing(Space.CLOSE)
        note.addWidget(self._note_icon, 0, Qt.AlignmentFlag.AlignVCenter)
        note.addWidget(self._note, 1)
        self._bottom = QHBoxLayout()
        self._bottom.setSpacing(Space.ROW)
        self._bottom.addLayout(note, 1)
        # Without a note nothing else keeps Cancel link… at the trailing edge.
        self._bottom.addStretch()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._rows)
        self._column.addLayout(self._bottom)


def _why_not(link: PaymentLink, *, is_paused: bool, is_held_back: bool) -> str:
    """Why Cancel link… is off; empty where it is on, and where the card says that the link is closed."""
    if link.state is LinkState.IN_PROGRESS:
        return tr("The customer is paying right now. Wait for the result before cancelling")
    if link.state is LinkState.PAID and may_refund(link):
        return tr("This link is paid. Refund it from its row in the list")
    if is_paused and may_cancel(link):
        return tr("Cancelling is paused until the connection is back.")
    return rebuilt_text() if is_held_back and may_cancel(link) else ""
