"""The question before a pairing is ended."""

from PySide6.QtWidgets import QWidget

from optty_desktop.core.environments import Environment
from optty_desktop.ui.buttons import ButtonKind
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space
from optty_desktop.ui.words import tr


class UnpairDialog(ConfirmDialog):
    """Accepted means: forget the pairing."""

    def __init__(self, look: Look, environment: Environment, *, parent: QWidget | None = None) -> None:
        super().__init__(look, "unpair", environment=environment.kind, parent=parent)
        self.set_heading(tr("Unpair this till from the relay?"))
        self._text.setText(
            tr(
                "This till then asks for statuses by itself, and sees payments a little later. "
                "To pair it again you need a new code."
            )
        )
        self.add(self._text, Space.TIGHT)
        self.add_keep(tr("Keep paired"), ButtonKind.PRIMARY)
        self.add_confirm(tr("Unpair"), ButtonKind.SECONDARY)
