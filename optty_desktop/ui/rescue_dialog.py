"""The question where the record is damaged: what is so, what may be missing, and how work goes on."""

from datetime import date

from PySide6.QtWidgets import QWidget

from optty_desktop.ui.buttons import ButtonKind
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.environment_kinds import LIVE
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.theme import Look
from optty_desktop.ui.times import calendar_day
from optty_desktop.ui.tokens import Space, Type
from optty_desktop.ui.words import tr


class RescueDialog(ConfirmDialog):
    """Accepted means: another record is in the place of the damaged one.

    `copy_day` is the day of the copy on offer; None where a new record is all there can be.
    """

    def __init__(
        self,
        look: Look,
        copy_day: date | None,
        *,
        environment: str = LIVE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, "rescue", environment=environment, parent=parent)
        self.copy_day = copy_day
        self.set_heading(tr("The record of this till is damaged"), icon="triangle-alert", ink="warning", bar=True)
        self._text.setText(tr("Nothing is thrown away: it is set aside under its own name."))
        self._missing = Passage(look, Type.BODY, parent=self)
        self._missing.setObjectName("rescueMissingLabel")
        after = Passage(look, Type.BODY, parent=self)
        after.setText(
            tr(
                "You can work at once. Cancels and refunds wait until somebody has compared the record "
                "with the payment service."
            )
        )
        self.add(self._text, Space.TIGHT)
        self.add(self._missing, Space.ROW)
        self.add(after, Space.ROW)
        self.body.addSpacing(Space.TIGHT)
        self.add_keep(tr("Not now"), ButtonKind.PRIMARY)
        self._confirm = self.add_confirm("", ButtonKind.SECONDARY)
        self.offer(copy_day)

    def offer(self, copy_day: date | None) -> None:
        """Offer the copy of that day, or a new record, in place of what was offered before."""
        self.copy_day = copy_day
        self._confirm.reset()
        if copy_day is None:
            self._missing.say(
                tr(
                    "There is no good copy of it. A new record begins **without the links made so far**; they still "
                    "exist at the payment service, and customers can go on paying them."
                )
            )
            self._confirm.setText(tr("Begin a new record"))
            return
        day = calendar_day(copy_day)
        self._missing.say(
            tr(
                "There is a good copy of **{date}**. Links made after that copy are not in it; they still exist at "
                "the payment service, and customers can go on paying them."
            ),
            date=day,
        )
        self._confirm.setText(tr("Use the copy of {date}", date=day))

    def set_sending(self) -> None:
        """Both answers off until the record is replaced."""
        super().set_sending()
        self._confirm.set_busy(tr("Setting it aside…"))

    def set_problem(self, text: str) -> None:
        """Say why it was not done; it can be done again."""
        self._confirm.reset()
        super().set_problem(text)
