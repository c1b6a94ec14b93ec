"""F1: every key and what it does."""

from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.focus_ring import FocusRing
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space, Type, Weight
from optty_desktop.ui.words import tr


def shortcuts() -> list[tuple[str, str]]:
    """Keys and what they do, in the order of use."""
    return [
        (tr("Ctrl+N"), tr("New link, cursor in Amount")),
        (tr("Ctrl+Enter"), tr("Create link")),
        (tr("Ctrl+Shift+C"), tr("Copy link of the shown or selected link")),
        (tr("Ctrl+Shift+M"), tr("Copy message")),
        (tr("Ctrl+D"), tr("Show to customer, again to hide")),
        (tr("Ctrl+P"), tr("Print what is shown")),
        (tr("Ctrl+F"), tr("Search links")),
        (tr("Alt+1 to 4"), tr("Filter All, Open, Paid, Problems")),
        (tr("Enter"), tr("Open the selected link")),
        (tr("Shift+F10"), tr("Menu of the selected link")),
        (tr("F5"), tr("Check statuses now")),
        (tr("F6"), tr("Next pane")),
        (tr("F11"), tr("Full screen")),
        (tr("Esc"), tr("Close what is open on top")),
    ]


class ShortcutsDialog(QDialog):
    """A plain list with one button."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutsDialog")
        self.setWindowTitle(tr("All shortcuts"))
        close = Button(look, tr("Close"), ButtonKind.SECONDARY, parent=self)
        close.clicked.connect(self.accept)
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.SECTION)
        grid.setVerticalSpacing(Space.CLOSE)
        for row, (keys, words) in enumerate(shortcuts()):
            grid.addWidget(plain_label(keys, look, Type.SMALL, weight=Weight.SEMIBOLD), row, 0)
            grid.addWidget(plain_label(words, look, Type.SMALL), row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.SECTION, Space.LARGE, Space.SECTION, Space.LARGE)
        column.setSpacing(Space.PANE)
        column.addWidget(plain_label(tr("All shortcuts"), look, Type.TITLE))
        column.addLayout(grid)
        column.addWidget(close)
        FocusRing(look, self)
        close.setFocus()
