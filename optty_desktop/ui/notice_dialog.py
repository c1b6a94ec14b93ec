"""A question's smaller sisters: one sentence to read, and the wait while a link is read."""

from PySide6.QtWidgets import QWidget

from optty_desktop.ui.buttons import ButtonKind
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.environment_kinds import LIVE
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space
from optty_desktop.ui.words import tr


class NoticeDialog(ConfirmDialog):
    """Says why nothing was done; one answer, which changes nothing."""

    def __init__(
        self, look: Look, title: str, text: str, *, environment: str = LIVE, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, "notice", environment=environment, parent=parent)
        self.say(title, text)
        self.add(self._text, Space.TIGHT)
        self.add_keep(tr("Close"), ButtonKind.SECONDARY)

    def say(self, title: str, text: str) -> None:
        """Put these words in the place of those that stood here."""
        self.set_heading(title, icon="info", ink="info")
        self._text.setText(text)
        self.setAccessibleDescription(text)


class CheckingDialog(ConfirmDialog):
    """Stands while a link is read: at most a few seconds, and nothing else can be pressed."""

    def __init__(self, look: Look, *, environment: str = LIVE, parent: QWidget | None = None) -> None:
        super().__init__(look, "checking", environment=environment, width=420, parent=parent)
        self.set_heading(tr("Checking this link…"), icon="loader", ink="text_muted")
        self._text.hide()

    def reject(self) -> None:
        """Esc does not hurry a read."""
