"""Before the record goes into a file: what will be in it, and whether contacts go along."""

from PySide6.QtWidgets import QWidget

from optty_desktop.ui.buttons import ButtonKind
from optty_desktop.ui.check_box import CheckBox
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.environment_kinds import LIVE
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space, Type
from optty_desktop.ui.words import tr


class ExportDialog(ConfirmDialog):
    """Accepted means: choose a place for the file."""

    def __init__(self, look: Look, *, environment: str = LIVE, parent: QWidget | None = None) -> None:
        super().__init__(look, "export", environment=environment, parent=parent)
        self.set_heading(tr("Save the record as a file?"))
        self._text.setText(
            tr(
                "Every link of this till with its amounts, times and names of staff, as a text that other programs can "
                "read. The record itself stays as it is, and you can go on working."
            )
        )
        self.add(self._text, Space.TIGHT)
        self._contacts = CheckBox(
            look, tr("With the e-mail addresses and phone numbers of customers"), parent=self, wraps=True
        )
        self._contacts.setObjectName("exportContactsCheck")
        self.add(self._contacts, Space.ROW)
        advice = Passage(look, Type.SMALL, ink="text_muted", parent=self)
        advice.setText(tr("Keep a file with contacts safe, and delete it when nobody needs it any more."))
        self.add(advice, 0)
        self.body.addSpacing(Space.SMALL)
        self.add_keep(tr("Not now"), ButtonKind.PRIMARY)
        self.add_confirm(tr("Choose a place…"), ButtonKind.SECONDARY)

    @property
    def with_contacts(self) -> bool:
        """Whether addresses and numbers go along."""
        return self._contacts.isChecked()
