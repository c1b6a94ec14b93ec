"""The questions of the section Connection: save this difference, leave without saving."""

from PySide6.QtWidgets import QWidget

from optty_desktop.till.change_connection import Proposal
from optty_desktop.ui.buttons import ButtonKind
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.profile_words import say_change, warning_words
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space, Type
from optty_desktop.ui.words import tr


class SaveConnectionDialog(ConfirmDialog):
    """Accepted means: save this proposal. One line a field, as it was and as it is to be."""

    def __init__(self, look: Look, proposal: Proposal, *, parent: QWidget | None = None) -> None:
        kind = proposal.after.kind
        super().__init__(look, "saveConnection", environment=kind, parent=parent)
        name = harmless(proposal.after.name, 60)
        self.set_heading(tr("Change the connection to {environment}?", environment=name))
        self._text.setText(warning_words(proposal.after, proposal.changes))
        self.add(self._text, Space.TIGHT)
        for change in proposal.changes:
            line = Passage(look, Type.ROW, figures=False, parent=self)
            line.setObjectName("changeLine")
            say_change(line, change)
            self.add(line, Space.SMALL)
        self.add_keep(tr("Go on editing"))
        self.add_confirm(tr("Save"), ButtonKind.PRIMARY)


class LeaveChangesDialog(ConfirmDialog):
    """Accepted means: forget what was typed."""

    def __init__(self, look: Look, *, environment: str, parent: QWidget | None = None) -> None:
        super().__init__(look, "unsaved", environment=environment, parent=parent)
        self.set_heading(tr("Leave without saving?"))
        self._text.setText(tr("What you changed in Connection is not saved."))
        self.add(self._text, Space.TIGHT)
        self.add_keep(tr("Go on editing"), ButtonKind.PRIMARY)
        self.add_confirm(tr("Leave without saving"), ButtonKind.SECONDARY)
