"""The pretend customer: opens the payment page, tries to pay, changes its mind, pays late."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from optty_desktop.core.money import Money
from optty_desktop.training import lifecycle
from optty_desktop.training.ledger import Ledger
from optty_desktop.training.lifecycle import Refused
from optty_desktop.training.records import Link, Move, Step
from optty_desktop.training.switches import Automation, Switches

Act = Callable[[Link, datetime], Link]


class Customer:
    """Acts on links by invoice number. Every act raises UnknownLink, or Refused when the page forbids it.

    A hand on the link ends what practice automation had planned for it.
    """

    def __init__(self, ledger: Ledger, new_reference: Callable[[], str], switches: Switches) -> None:
        self._ledger = ledger
        self._new_reference = new_reference
        self._switches = switches

    def open(self, invoice_number: str) -> Link:
        """Look at the payment page."""
        return self._ledger.change(invoice_number, lambda link, now: replace(link, opened_at=link.opened_at or now))

    def start(self, invoice_number: str) -> Link:
        """Choose how to pay; the attempt is in progress from here."""
        return self._act(invoice_number, self._started)

    def pay(self, invoice_number: str, amount: Money | None = None) -> Link:
        """The running attempt, or a new one, succeeds. ``amount`` of a new one may differ by a tip."""
        return self._act(invoice_number, lambda link, now: lifecycle.pay(self._running(link, now, amount), now))

    def decline(self, invoice_number: str) -> Link:
        """The running attempt, or a new one, is declined."""
        return self._act(invoice_number, lambda link, now: lifecycle.decline(self._running(link, now), now))

    def fail(self, invoice_number: str) -> Link:
        """The running attempt, or a new one, breaks down at the payment method."""
        return self._act(invoice_number, lambda link, now: lifecycle.fail(self._running(link, now), now))

    def cancel(self, invoice_number: str) -> Link:
        """Give up the running attempt; the link can be used again."""
        return self._act(invoice_number, lifecycle.abandon)

    def pay_late(self, invoice_number: str) -> Link:
        """The running attempt, or a new one, stays pending and succeeds after ``Switches.late_seconds``."""
        return self._act(invoice_number, self._waiting)

    def _started(self, link: Link, now: datetime, amount: Money | None = None) -> Link:
        return lifecycle.start(link, now, self._new_reference(), amount)

    def _running(self, link: Link, now: datetime, amount: Money | None = None) -> Link:
        return link if link.running_order else self._started(link, now, amount)

    def _waiting(self, link: Link, now: datetime) -> Link:
        pay = Step(now + timedelta(seconds=self._switches.late_seconds), Move.PAY)
        return lifecycle.planned(lifecycle.wait(self._running(link, now), now), (pay,))

    def _act(self, invoice_number: str, act: Act) -> Link:
        def by_hand(link: Link, now: datetime) -> Link:
            if is_expired(link, now):
                raise Refused("This link has expired")
            return act(lifecycle.planned(link, ()), now)

        return self._ledger.change(invoice_number, by_hand)


def is_expired(link: Link, now: datetime) -> bool:
    """Whether the page turns people away because the due date has passed; a running attempt may finish."""
    return link.due_at < now and not link.running_order and not link.paid_order


def practice_plan(automation: Automation | None, price: Money, now: datetime) -> tuple[Step, ...]:
    """What the customer will do by itself with a link made now; nothing without automation."""
    if automation is None or automation.leaves_unpaid(price.minor):
        return ()
    end = Move.DECLINE if automation.declines(price.minor) else Move.PAY
    return Step(now + automation.start_after, Move.START), Step(now + automation.finish_after, end)
