"""What every dialog before the window has: a veil behind it, and the word of its environment in its title."""

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QWidget

from optty_desktop.ui.environment_kinds import SANDBOX, TRAINING
from optty_desktop.ui.scrim import Scrim
from optty_desktop.ui.theme import Look
from optty_desktop.ui.words import tr


class VeiledDialog(QDialog):
    """The window behind is veiled for as long as this is shown."""

    def __init__(self, look: Look, environment: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._environment = environment
        self._scrim: Scrim | None = None

    def set_title(self, text: str) -> None:
        """The words in the title bar; Training and Sandbox add theirs."""
        words = {TRAINING: tr("{title} — TRAINING", title=text), SANDBOX: tr("{title} — SANDBOX", title=text)}
        self.setWindowTitle(words.get(self._environment, text))

    def done(self, result: int) -> None:
        """Close, and give the keyboard back to the window behind."""
        super().done(result)
        parent = self.parentWidget()
        if parent is not None:
            parent.window().activateWindow()

    def showEvent(self, event: QShowEvent) -> None:
        """Veil the window behind."""
        parent = self.parentWidget()
        if parent is not None and self._scrim is None:
            self._scrim = Scrim(self._look, parent.window())
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Lift the veil."""
        super().hideEvent(event)
        if self._scrim is not None:
            self._scrim.hide()
            self._scrim.deleteLater()
            self._scrim = None
