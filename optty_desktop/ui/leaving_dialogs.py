"""The questions on the way out: close the window, sign out, leave training."""

from PySide6.QtWidgets import QWidget

from optty_desktop.core.operations import OperationKind
from optty_desktop.ui.buttons import ButtonKind
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.environment_kinds import LIVE, TRAINING
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space
from optty_desktop.ui.words import tr, tr_n


class CloseDialog(ConfirmDialog):
    """Accepted means: close, as soon as the answer is stored where one is awaited.

    `running` is the request under way, if any; `to_check` counts the links that need checking; `is_unsent` says that
    the form holds an order.
    """

    def __init__(
        self,
        look: Look,
        *,
        running: OperationKind | None = None,
        to_check: int = 0,
        is_unsent: bool = False,
        environment: str = LIVE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, "close", environment=environment, parent=parent)
        self.add(self._text, Space.TIGHT)
        self.add_keep(tr("Stay"), ButtonKind.PRIMARY)
        if running is not None:
            self.set_heading(tr("Wait for the answer?"))
            self._text.setText(
                tr("{what} The window closes as soon as the answer is stored.", what=_being_sent(running))
            )
            self.add_confirm(tr("Close after the answer"), ButtonKind.SECONDARY)
            return
        if is_unsent:
            self.set_heading(tr("Close with an order that is not sent?"))
            self._text.setText(
                tr("What stands in the form is lost. Links stay valid. Their status is read again at the next start.")
            )
            self.add_confirm(tr("Close app"), ButtonKind.SECONDARY)
            return
        self.set_heading(
            tr_n("Close with {n} link to check?", "Close with {n} links to check?", to_check)
            if to_check
            else tr("Close the app?")
        )
        self._text.setText(
            tr("We go on checking when the app opens again.")
            if to_check
            else tr("Links stay valid. Their status is read again at the next start.")
        )
        self.add_confirm(tr("Close app"), ButtonKind.SECONDARY)


class SignOutDialog(ConfirmDialog):
    """Accepted means: end the session of `environment_name`."""

    def __init__(
        self,
        look: Look,
        environment_name: str,
        *,
        environment: str = LIVE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, "signOut", environment=environment, parent=parent)
        self.set_heading(tr("Sign out of {environment}?", environment=harmless(environment_name, 60)))
        self._text.setText(tr("Links stay valid and customers can go on paying. Sign in again to see them."))
        self.add(self._text, Space.TIGHT)
        self.add_keep(tr("Stay"), ButtonKind.PRIMARY)
        self.add_confirm(tr("Sign out"), ButtonKind.SECONDARY)


class LeaveTrainingDialog(ConfirmDialog):
    """Accepted means: end training and go to the sign-in."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(look, "leaveTraining", environment=TRAINING, parent=parent)
        self.set_heading(tr("Leave training?"))
        self._text.setText(
            tr("Practice links stay on this computer for the next training. You go back to the sign-in window.")
        )
        self.add(self._text, Space.TIGHT)
        self.add_keep(tr("Stay in training"), ButtonKind.PRIMARY)
        self.add_confirm(tr("Leave training"), ButtonKind.SECONDARY)


def _being_sent(running: OperationKind) -> str:
    match running:
        case OperationKind.CREATE:
            return tr("A link is being created.")
        case OperationKind.CANCEL:
            return tr("A cancel is being sent.")
        case OperationKind.REFUND:
            return tr("A refund is being sent.")
