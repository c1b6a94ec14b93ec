"""The small questions around an import: which request is meant, and whether the files go that hold the secret."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from optty_desktop.core.route_import import FoundRequest
from optty_desktop.ui.buttons import ButtonKind
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.import_words import file_words, request_words
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space
from optty_desktop.ui.told_choice import ToldChoice
from optty_desktop.ui.words import tr


class ChooseRequestDialog(ConfirmDialog):
    """Accepted means: the request with the number `chosen` is the one that cancels and refunds. None is preset."""

    def __init__(
        self, look: Look, candidates: Sequence[FoundRequest], *, environment: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, "importChoice", environment=environment, parent=parent)
        self.chosen: int | None = None
        self.set_heading(tr("Which request cancels or refunds a link?"))
        self._text.setText(
            tr("The file holds more than one that could. Choose the one your payment provider gave you for it.")
        )
        self.add(self._text, Space.TIGHT)
        self.body.addSpacing(Space.TIGHT)
        for candidate in candidates:
            self._add_choice(look, candidate)
        self.add_keep(tr("Not now"))
        self._go_on = self.add_confirm(tr("Go on"), ButtonKind.PRIMARY)
        self._go_on.setEnabled(False)

    def _add_choice(self, look: Look, candidate: FoundRequest) -> None:
        name = harmless(candidate.name, 80)
        choice = ToldChoice(look, tr("{number}. {name}", number=candidate.number, name=name), self)
        choice.setObjectName("importCandidateRadio")
        choice.tell(request_words(candidate))
        self.add(choice, Space.TIGHT)

        def on_chosen(checked: bool) -> None:
            if checked:
                self.chosen = candidate.number
                self._go_on.setEnabled(True)

        choice.toggled.connect(on_chosen)


class DeleteFilesDialog(ConfirmDialog):
    """Accepted means: the files are gone."""

    def __init__(self, look: Look, names: Sequence[str], *, environment: str, parent: QWidget | None = None) -> None:
        super().__init__(look, "deleteImport", environment=environment, parent=parent)
        first, *others = [file_words(name) for name in names]
        if others:
            self.set_heading(tr("Delete {file} and {other}?", file=first, other=others[0]))
        else:
            self.set_heading(tr("Delete {file}?", file=first))
        self._text.setText(
            tr(
                "It goes for good, not into the bin. Until you are signed in, ID and secret stand in the form only. "
                "Copies in Postman, in mails or in backups stay."
            )
        )
        self.add(self._text, Space.TIGHT)
        self.add_keep(tr("Keep it") if not others else tr("Keep them"), ButtonKind.PRIMARY)
        self._delete = self.add_confirm(tr("Delete for good"), ButtonKind.DANGER_OUTLINE)

    def set_sending(self) -> None:
        """Both answers off until it is done."""
        super().set_sending()
        self._delete.set_busy(tr("Deleting…"))

    def set_problem(self, text: str) -> None:
        """Say why a file is still there; it can be tried again."""
        self._delete.reset()
        super().set_problem(text)
