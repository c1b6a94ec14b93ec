"""One line of the section About: whether a newer version is ready."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from optty_desktop.ui.icon_view import IconView
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import IconSize, Space, Type
from optty_desktop.ui.update_notice import UpdateNotice


class UpdateLine(QWidget):
    """Follows what the till learns while it is shown."""

    def __init__(self, look: Look, updates: UpdateNotice, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._updates = look, updates
        self._icon = IconView(look, "info", "info", IconSize.CHIP, self)
        self._words = Passage(look, Type.SMALL, figures=False, parent=self)
        self._words.setObjectName("updateText")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        updates.changed.connect(self._say)
        self._say()

    def _say(self) -> None:
        self._words.setText(self._updates.sentence())
        self._icon.setVisible(self._updates.ready is not None)
