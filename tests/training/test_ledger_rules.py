"""Whatever shop and customer do, in whatever order: the rules of a link's life hold."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from optty_desktop.core.money import Money
from optty_desktop.training.customer import Customer, practice_plan
from optty_desktop.training.ledger import Ledger, UnknownLink
from optty_desktop.training.lifecycle import Refused
from optty_desktop.training.records import Link, OrderStatus, RefundStatus
from optty_desktop.training.switches import Automation, Switches
from tests.training.shop import NOW, TurnedClock

S = OrderStatus
LEGAL = {
    S.INITIATED: {S.PENDING, S.SUCCESSFUL, S.DECLINED, S.CANCELLED, S.ERROR},
    S.PENDING: {S.PENDING, S.SUCCESSFUL, S.DECLINED, S.CANCELLED, S.ERROR},
    S.SUCCESSFUL: set(),
    S.DECLINED: set(),
    S.CANCELLED: set(),
    S.ERROR: set(),
}
ACTS = ("open", "start", "pay", "decline", "fail", "cancel", "pay_late")


class LinkLife(RuleBasedStateMachine):
    numbers = Bundle("numbers")

    def __init__(self) -> None:
        super().__init__()
        self.clock = TurnedClock()
        counter = itertools.count()
        self.new_reference: Callable[[], str] = lambda: f"ref-{next(counter)}"
        self.switches = Switches(refund_seconds=6)
        self.ledger = Ledger(clock=self.clock, new_reference=self.new_reference, switches=self.switches)
        self.customer = Customer(self.ledger, self.new_reference, self.switches)
        self.seen: dict[str, Link] = {}

    @rule(target=numbers, minor=st.integers(1, 500), is_automatic=st.booleans())
    def create(self, minor: int, is_automatic: bool) -> str:
        number = self.new_reference()
        price, now = Money(minor, "USD"), self.clock()
        plan = practice_plan(Automation() if is_automatic else None, price, now)
        due_at = now + timedelta(minutes=3)
        self.ledger.add(Link(number, number, f"order-{number}", price, "", now, due_at, plan=plan))
        return number

    @rule(number=numbers)
    def create_again(self, number: str) -> None:
        with pytest.raises(Refused):
            self.ledger.add(self.ledger.link(number))

    @rule(number=numbers, act=st.sampled_from(ACTS))
    def act(self, number: str, act: str) -> None:
        before = self.ledger.link(number)
        try:
            getattr(self.customer, act)(number)
        except Refused:
            assert self.ledger.link(number) == before, "a refused act changes nothing"

    @rule(number=numbers)
    def cancel_or_refund(self, number: str) -> None:
        before = self.ledger.link(number)
        try:
            after = self.ledger.cancel_or_refund(number)
        except Refused:
            assert before.running_order or before.is_closed or before.balance.minor == 0
        else:
            assert after.is_closed or after.balance.minor == 0

    @rule(number=numbers, minor=st.integers(1, 600), reference=st.integers(0, 5))
    def refund_part(self, number: str, minor: int, reference: int) -> None:
        before = self.ledger.link(number)
        try:
            self.ledger.refund_order(f"order-{number}", f"R-{reference}", Money(minor, "USD"), "")
        except (Refused, UnknownLink):
            assert self.ledger.link(number) == before
        else:
            assert self.ledger.link(number).balance.minor == before.balance.minor - minor

    @rule(seconds=st.integers(1, 70))
    def time_passes(self, seconds: int) -> None:
        self.clock.turn(seconds)

    @rule(succeed=st.booleans())
    def refunds_begin_to(self, succeed: bool) -> None:
        self.switches.refunds_succeed = succeed

    @invariant()
    def rules_hold(self) -> None:
        for link in self.ledger.links():
            assert sum(order.status is S.SUCCESSFUL for order in link.orders) <= 1
            assert sum(order.is_running for order in link.orders) <= 1
            assert 0 <= link.refunded.minor <= link.paid.minor
            assert 0 <= link.balance.minor <= link.paid.minor
            assert not (link.is_closed and (link.running_order or link.paid_order))
            for order in link.orders:
                assert order.history[0].status is S.INITIATED
                for earlier, later in itertools.pairwise(order.history):
                    assert later.status in LEGAL[earlier.status]
                    assert NOW <= earlier.at <= later.at <= self.clock()
            self.nothing_was_rewritten(link)

    def nothing_was_rewritten(self, link: Link) -> None:
        known = self.seen.get(link.invoice_number, link)
        self.seen[link.invoice_number] = link
        assert len(link.orders) >= len(known.orders)
        assert len(link.refunds) >= len(known.refunds)
        assert link.is_closed or not known.is_closed
        for old, new in zip(known.orders, link.orders, strict=False):
            assert new.history[: len(old.history)] == old.history
        for was, now in zip(known.refunds, link.refunds, strict=False):
            assert was.status in (now.status, RefundStatus.PENDING)


TestLinkLife = LinkLife.TestCase
