"""The question before the addresses of a merchant's own collection are used, with all that is known about them."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.profile_changes import ProfileField, changes
from optty_desktop.core.route_import import RouteImport
from optty_desktop.ui.buttons import ButtonKind
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.import_words import file_words, say_difference, say_found, say_missing, say_open
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.profile_words import say_change, warning_words
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space, Type, Weight
from optty_desktop.ui.words import tr

_ROUTE = frozenset({ProfileField.ROUTE, ProfileField.BODY})
T = TypeVar("T")


class ImportDialog(ConfirmDialog):
    """Accepted means: the proposal is saved."""

    def __init__(self, look: Look, proposal: RouteImport, *, parent: QWidget | None = None) -> None:
        after = proposal.after
        super().__init__(look, "import", environment=after.kind, width=720, parent=parent)
        self.set_heading(tr("Use these addresses for {environment}?", environment=harmless(after.name, 60)))
        differing = changes(proposal.before, after)
        self._text.setText(warning_words(after, differing))
        self.add(self._text, Space.TIGHT)
        self._add_part(tr("What changes"), "importChange", say_change, differing)
        if after.kind is EnvironmentKind.LIVE and any(change.field in _ROUTE for change in differing):
            self._add_line("importCaution", ink="warning").setText(
                tr("This route moves real money. Try it in Sandbox first.")
            )
        found = tr("Found in {file}", file=file_words(proposal.source.file))
        self._add_part(found, "importFound", say_found, proposal.found)
        self._add_lines("importMissing", say_missing, proposal.missing)
        self._add_lines("importOpen", say_open, proposal.unresolved)
        differs = tr("Differs from what is documented")
        self._add_part(differs, "importDifference", say_difference, proposal.differences)
        self._add_notes(proposal)
        self.add_keep(tr("Keep it as it is"))
        self._use = self.add_confirm(tr("Use these addresses"), ButtonKind.PRIMARY)

    def set_sending(self) -> None:
        """Both answers off until the profile is written."""
        super().set_sending()
        self._use.set_busy(tr("Saving…"))

    def set_problem(self, text: str) -> None:
        """Say why it was not saved; it can be tried again."""
        self._use.reset()
        super().set_problem(text)

    def _add_notes(self, proposal: RouteImport) -> None:
        notes = []
        if proposal.has_scripts:
            notes.append(tr("Scripts in the file are not run."))
        if proposal.credentials.client_id or proposal.credentials.client_secret:
            notes.append(tr("ID and secret in the file go into the form. They are not kept with the addresses."))
        for number, note in enumerate(notes):
            line = Passage(self._look, Type.SMALL, ink="text_muted", figures=False, parent=self)
            line.setObjectName("importNote")
            line.setText(note)
            self.add(line, Space.TIGHT if number else Space.FIELD)

    def _add_part(self, title: str, name: str, say: Callable[[Passage, T], None], items: Iterable[T]) -> None:
        """A heading with a line for each; nothing where there is nothing to say."""
        if items := tuple(items):
            heading = Passage(self._look, Type.BODY, weight=Weight.SEMIBOLD, parent=self)
            heading.setText(title)
            self.add(heading, Space.ROW)
            self._add_lines(name, say, items)

    def _add_lines(self, name: str, say: Callable[[Passage, T], None], items: Iterable[T]) -> None:
        for item in items:
            say(self._add_line(name), item)

    def _add_line(self, name: str, *, ink: str = "text") -> Passage:
        line = Passage(self._look, Type.ROW, ink=ink, figures=False, parent=self)
        line.setObjectName(name)
        self.add(line, Space.TIGHT)
        return line
