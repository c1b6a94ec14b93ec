"""Before cancels and refunds go on after a rescue: what to compare, and who says that it was compared."""

from PySide6.QtWidgets import QWidget

from optty_desktop.till.confirm_rebuilt import Rebuilt
from optty_desktop.ui.buttons import ButtonKind
from optty_desktop.ui.check_box import CheckBox
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.environment_kinds import LIVE
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.times import calendar_day, day
from optty_desktop.ui.tokens import Space, Type
from optty_desktop.ui.words import tr


class RebuiltDialog(ConfirmDialog):
    """Accepted means: `operator` has compared the record, and cancels and refunds may go on."""

    def __init__(
        self,
        look: Look,
        rebuilt: Rebuilt,
        operator: str,
        *,
        environment: str = LIVE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, "rebuilt", environment=environment, parent=parent)
        self.set_heading(
            tr("Compare the record with the payment service"), icon="triangle-alert", ink="warning", bar=True
        )
        self._text.setText(_what_is_so(rebuilt))
        self.add(self._text, Space.TIGHT)
        for text in _what_to_do():
            step = Passage(look, Type.BODY, parent=self)
            step.say(text)
            self.add(step, Space.ROW)
        self._compared = CheckBox(
            look, tr("I have compared the open and the paid links with the payment service"), parent=self, wraps=True
        )
        self._compared.setObjectName("comparedCheck")
        self._compared.toggled.connect(self._on_toggled)
        self.add(self._compared, Space.ROW)
        signed = Passage(look, Type.SMALL, ink="text_muted", parent=self)
        signed.setObjectName("signedByLabel")
        signed.setText(tr("{operator} signs for this. The name stays in the record.", operator=harmless(operator, 60)))
        self.add(signed, 0)
        self.add_keep(tr("Not yet"), ButtonKind.PRIMARY)
        self._confirm = self.add_confirm(tr("Allow cancels and refunds"), ButtonKind.SECONDARY)
        self._confirm.setEnabled(False)

    def set_sending(self) -> None:
        """Everything off until it is written down."""
        super().set_sending()
        self._confirm.set_busy(tr("Writing it down…"))
        self._compared.setEnabled(False)

    def set_problem(self, text: str) -> None:
        """Say why it was not written down; it can be tried again."""
        self._confirm.reset()
        self._compared.setEnabled(True)
        super().set_problem(text)

    def _on_toggled(self, is_compared: bool) -> None:
        self._confirm.setEnabled(is_compared)


def rebuilt_fact(rebuilt: Rebuilt) -> str:
    """One sentence on where this record comes from."""
    if rebuilt.copy_day is not None:
        return tr("This record is the copy of {date}.", date=calendar_day(rebuilt.copy_day))
    if rebuilt.began_at is not None:
        return tr("This record began anew on {date}.", date=day(rebuilt.began_at))
    return tr("This record took the place of a damaged one.")


def _what_is_so(rebuilt: Rebuilt) -> str:
    fact = rebuilt_fact(rebuilt)
    if rebuilt.copy_day is not None:
        return tr("{fact} What was created, cancelled or refunded after it is missing here.", fact=fact)
    return tr("{fact} What was created, cancelled or refunded before is missing here.", fact=fact)


def _what_to_do() -> tuple[str, ...]:
    return (
        tr(
            "Open the portal of your payment service beside this window. Each link that is **Open** or **Paid** here "
            "must be the same there: not cancelled, not refunded. If one differs, press Not yet and ask whoever "
            "manages your payment account."
        ),
        tr("Links that are missing here go on as they are. Cancel or refund those in the portal, **only there**."),
    )
