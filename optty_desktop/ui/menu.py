"""A menu that looks like the rest of the window. Dressed when it opens, which most menus of a day never do."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from optty_desktop.ui.theme import Look


class Menu(QMenu):
    """Opens at a point of the screen, or above or under the control that asks for it."""

    def __init__(self, look: Look, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._look = look
        self._is_dressed = False

    def open_at(self, where: QPoint) -> None:
        """Open at a point of the screen."""
        self._dress()
        self.popup(where)

    def open_under(self, control: QWidget) -> None:
        """Open under the control."""
        self.open_at(control.mapToGlobal(QPoint(0, control.height())))

    def open_above(self, control: QWidget) -> None:
        """Open above the control."""
        self._dress()
        self.popup(control.mapToGlobal(QPoint(0, -self.sizeHint().height())))

    def _dress(self) -> None:
        if not self._is_dressed:
            self._is_dressed = True
            self._look.sheet(self)
