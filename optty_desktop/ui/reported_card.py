"""The switch for payments that only the relay reports, with what it means."""

from optty_desktop.core.policy import Policy
from optty_desktop.ui.managed_cards import set_by_words
from optty_desktop.ui.switch import Switch
from optty_desktop.ui.theme import Look
from optty_desktop.ui.titled_card import TitledCard
from optty_desktop.ui.words import tr


class ReportedCard(TitledCard):
    """`switch` is off unless somebody has turned it on; where the policy sets it, it only tells."""

    def __init__(self, look: Look, policy: Policy) -> None:
        super().__init__(look, tr("Payments that are only reported"))
        self.add_text(
            tr(
                "For an account that may not read payments: what a notification through the relay of the shop calls "
                "paid is then shown as Paid with the note “Reported, not confirmed”. Neither the payment nor its "
                "amount is known, and it is in no sum. A read always wins."
            )
        )
        self.switch = Switch(look, tr("Show reported payments"), self)
        self.switch.setObjectName("showReportedSwitch")
        self.column.addWidget(self.switch)
        if policy.show_reported_payments is not None:
            self.switch.setEnabled(False)
            self.add_text(set_by_words(policy), name="showReportedHint")
