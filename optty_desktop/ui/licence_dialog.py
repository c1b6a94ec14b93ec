"""The text of a licence, to be read."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space, Type
from optty_desktop.ui.words import tr

_WIDTH = 720


class LicenceDialog(ConfirmDialog):
    """One answer, which changes nothing. A text too long for the screen scrolls."""

    def __init__(self, look: Look, title: str, file: Path, *, environment: str, parent: QWidget) -> None:
        super().__init__(look, "licence", environment=environment, width=_WIDTH, parent=parent)
        self.set_heading(title)
        self._text.set_role(Type.SMALL, figures=False)
        # Qt's text layout breaks lines at this sign only.
        self._text.setText(file.read_text(encoding="utf-8").replace("\n", "\u2028"))
        self.add(self._text, Space.SMALL)
        self.add_keep(tr("Close"))
