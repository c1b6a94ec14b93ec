"""F1: every key and what it does."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.environment_band import frame_margins, paint_environment_frame
from optty_desktop.ui.focus_ring import FocusRing
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.scroll_column import ScrollColumn
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space, Type, Weight
from optty_desktop.ui.veiled_dialog import VeiledDialog
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
        (tr("Ctrl+1"), tr("Payments")),
        (tr("Ctrl+,"), tr("Settings")),
        (tr("F5"), tr("Check statuses now")),
        (tr("F6, Shift+F6"), tr("Next or previous pane")),
        (tr("F11"), tr("Full screen")),
        (tr("Esc"), tr("Close what is open on top")),
    ]


class ShortcutsDialog(VeiledDialog):
    """A plain list with one button, never higher than the window it stands on."""

    def __init__(
        self, look: Look, parent: QWidget | None = None, *, kind: EnvironmentKind = EnvironmentKind.LIVE
    ) -> None:
        super().__init__(look, kind, parent)
        self.setObjectName("shortcutsDialog")
        self.set_title(tr("All shortcuts"))
        self._close = Button(look, tr("Close"), ButtonKind.SECONDARY, parent=self)
        self._close.clicked.connect(self.accept)
        self._list = _key_list(look)
        self._lay_out(parent)
        FocusRing(look, self)
        self._close.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground and the frame of the environment."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("surface"))
        paint_environment_frame(painter, self.rect(), self._look, self._environment)
        painter.end()

    def _lay_out(self, parent: QWidget | None) -> None:
        edge = frame_margins(self._environment)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.SECTION, Space.LARGE, Space.SECTION, Space.LARGE)
        column.setContentsMargins(column.contentsMargins() + edge)
        column.setSpacing(Space.PANE)
        column.addWidget(plain_label(tr("All shortcuts"), self._look, Type.TITLE))
        column.addWidget(ScrollColumn(self._look, self._list, self), 1)
        column.addWidget(self._close)
        self.resize(self._wanted_size(column, parent))

    def _wanted_size(self, column: QVBoxLayout, parent: QWidget | None) -> QSize:
        """The whole list, or as much of it as the window below is high."""
        room, inside = column.contentsMargins(), self._list.sizeHint()
        height = room.top() + room.bottom() + inside.height() + self._close.sizeHint().height()
        height += Type.TITLE.line + 2 * column.spacing()
        most = parent.window().height() if parent is not None else height
        return QSize(inside.width() + room.left() + room.right(), min(height, most))


def _key_list(look: Look) -> QWidget:
    content = QWidget()
    grid = QGridLayout(content)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(Space.SECTION)
    grid.setVerticalSpacing(Space.CLOSE)
    for row, (keys, words) in enumerate(shortcuts()):
        grid.addWidget(plain_label(keys, look, Type.SMALL, weight=Weight.SEMIBOLD), row, 0)
        grid.addWidget(plain_label(words, look, Type.SMALL), row, 1)
    grid.setRowStretch(grid.rowCount(), 1)
    return content
