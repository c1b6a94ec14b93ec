"""Whatever hints say, and however they arrive, a till ends where reads alone would have led it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from optty_desktop.api.notifications import read_notice
from optty_desktop.core.errors import NotSent, Trouble
from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.hints import Hint, HintSource
from optty_desktop.core.links import LEGAL_MOVES, LinkState, Note, PaymentLink
from optty_desktop.core.money import Money
from optty_desktop.core.ports import OrderReading
from optty_desktop.till.line import LineState
from optty_desktop.till.session import Session
from tests.fakes import START, FakeAccount, FakeOptty
from tests.faults.virtual_time import VirtualLoop
from tests.promises import Promise, Scaled
from tests.relay.room import body_of
from tests.till.hinted_till import Till, hint
from tests.waiting import until

Facts = tuple[LinkState, Note | None, Money | None, int, str | None]
ACTS: Final = ("start", "pay", "decline", "refund")


def chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  the same story for the same seed


def facts(link: PaymentLink) -> Facts:
    return link.state, link.note, link.paid, link.refunded_minor, link.order_reference


def table(session: Session) -> dict[str, Facts]:
    return {link.invoice_number: facts(link) for link in session.book}


def act(gateway: FakeOptty, number: str, what: str) -> None:
    """Let a customer, or somebody at the service's own pages, do what is possible now."""
    account = gateway.accounts[number]
    if what == "refund":
        if account.state is LinkState.PAID and not account.refunds:
            account.refunds.append(account.price.minor)
    elif account.state is not LinkState.PAID:
        {"start": gateway.start_paying, "pay": gateway.pay, "decline": gateway.decline}[what](number)


async def by_reads_alone(till: Till) -> dict[str, Facts]:
    """What another till with the same links learns that only reads."""
    other = Till(gateway=till.gateway)
    other.session.book.put_all(till.journal.saved[link.invoice_number] for link in till.session.book)
    for link in tuple(other.session.book):
        await other.follow.check(link.invoice_number)
    return table(other.session)


def in_virtual_time(story: Callable[[], object]) -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(story())  # type: ignore[arg-type]


def is_as_before(before: Facts, after: Facts) -> bool:
    return after in (before, (before[0], Note.REPORTED, *before[2:]))


def forged(till: Till, seed: int, count: int) -> Iterable[Hint]:
    """Notices of every kind and status about links and orders of everybody, as a relay would pass them on."""
    draw = chance(seed)
    numbers = [link.invoice_number for link in till.session.book]
    orders = ["INVENTED", "HPP-STRANGER", *(f"HPP-{number}" for number in numbers)]
    events = ("ORDER_ASYNC_CALLBACK", "ORDER_STATUS_UPDATE", "REFUND_CALLBACK", "CAPTURE_CALLBACK", "x")
    words = ("SUCCESSFUL", "PAID", "REFUNDED", "CANCELLED", "DECLINED", "EXPIRED", "ERROR", "PENDING", "\u0000", "")
    for _ in range(count):
        body = body_of(draw.choice(numbers), draw.choice(words), merchantReference=draw.choice(orders))
        notice = read_notice(body.replace(b"ORDER_STATUS_UPDATE", draw.choice(events).encode()))
        yield Hint(HintSource.RELAY, notice.invoice_number, notice.order_reference, START)


async def mixed_table(till: Till) -> None:
    """Links in every state that a service can show, some without an order; strangers pay the same amount."""
    for what, knows_order in product(("nothing", *ACTS), (True, False)):
        for _ in range(2):
            number = await till.make(knows_order=knows_order)
            if knows_order and what != "nothing":
                for one in ("pay", "refund") if what == "refund" else (what,):
                    act(till.gateway, number, one)
    price = next(iter(till.gateway.accounts.values())).price
    till.gateway.accounts["STRANGER"] = FakeAccount("STRANGER", price)
    till.gateway.pay("STRANGER")


def test_S1_a_thousand_forged_hints_change_no_status(promise: Promise) -> None:
    wrong: list[str] = []

    async def story() -> None:
        till = Till()
        await mixed_table(till)
        async with till.following():
            await asyncio.sleep(120)
            before = table(till.session)
            for one in forged(till, 1, 1000):
                await till.take(one)
                await asyncio.sleep(0.5)
            await asyncio.sleep(600)
            after = table(till.session)
        # A stranger's paid order may ask a person to look: that is a note, and no status.
        wrong.extend(
            number
            for number, (state, note, *rest) in after.items()
            if (state, *rest) != (before[number][0], *before[number][2:])
            or note not in (before[number][1], Note.REPORTED)
        )
        assert len(till.reads) < 0.5 * (120 + 500 + 600) + 60, "the ceiling holds under a flood"
        times = [at for _, at in till.reads]
        assert all(later - earlier > 59.9 for earlier, later in zip(times, times[30:], strict=False))
        assert LinkState.PAID in {state for state, *_ in after.values()}

    in_virtual_time(story)
    promise("S1", 1000, wrong, 0.0)


def test_S2_hints_told_many_times_leave_what_hints_told_once_leave(promise: Promise, scaled: Scaled) -> None:
    count = scaled(60, 500)

    async def live(copies: Callable[[random.Random], int]) -> tuple[list[Facts], list[list[str]]]:
        till, draw, times = Till(), chance(2), chance(3)
        numbers = [await till.make() for _ in range(10)]
        async with till.following():
            for _ in range(count):
                number = draw.choice(numbers)
                act(till.gateway, number, draw.choice(ACTS))
                for _ in range(copies(times)):
                    await till.take(hint(number, f"HPP-{number}"))
                await asyncio.sleep(30)
            await asyncio.sleep(120)
        stories = [[event.kind.value for event in await till.session.timeline(number)] for number in numbers]
        return [facts(till.shown(number)) for number in numbers], stories

    ends: list[object] = []

    async def once() -> None:
        ends.append(await live(lambda draw: 1))

    async def often() -> None:
        ends.append(await live(lambda draw: draw.randint(1, 10)))

    in_virtual_time(once)
    in_virtual_time(often)
    promise("S2", count, 0 if ends[0] == ends[1] else 1, 0.0)


def test_S3_hints_in_any_order_and_days_late_lead_to_the_same_end(promise: Promise, scaled: Scaled) -> None:
    wrong: list[int] = []
    count = scaled(50, 2000)
    for seed in range(count):

        async def story(seed: int = seed) -> None:
            till, draw = Till(), chance(seed)
            numbers = [await till.make(knows_order=draw.random() < 0.7) for _ in range(3)]
            told = [(number, what) for number in numbers for what in draw.sample(ACTS, draw.randint(1, 4))]
            late: list[Hint] = []
            async with till.following():
                for number, what in told:
                    act(till.gateway, number, what)
                    late.append(hint(number, f"HPP-{number}"))
                    await asyncio.sleep(draw.choice([0.1, 5.0, 600.0]))
            draw.shuffle(late)
            for some in (late[:2], late[2:]):
                await asyncio.sleep(draw.choice([60.0, 86400.0, 15 * 86400.0]))
                async with till.following():
                    for one in some:
                        await till.take(one)
                        await asyncio.sleep(draw.choice([0.1, 5.0]))
                    await asyncio.sleep(120)
            for number in numbers:
                till.journal.saved[number] = replace(till.journal.saved[number], order_reference=f"HPP-{number}")
            expected = await by_reads_alone(till)
            got = table(till.session)
            # A link whose customer never began has no order to learn.
            known = {number: one for number, one in got.items() if till.gateway.accounts[number].has_order}
            if known != {number: expected[number] for number in known}:
                wrong.append(seed)

        in_virtual_time(story)
    promise("S3", count, wrong, 0.0)


def test_S4_lost_hints_cost_time_only(promise: Promise, scaled: Scaled) -> None:
    wrong: list[str] = []
    worst = 0.0
    count = scaled(40, 200)
    for seed in range(count):

        async def story(seed: int = seed) -> None:
            nonlocal worst
            till, draw = Till(), chance(seed)
            lost = seed / max(1, count - 1)
            numbers = [await till.make() for _ in range(8)]
            watched = numbers[0]
            till.follow.watch(watched)
            async with till.following():
                await asyncio.sleep(draw.uniform(0, 550))
                paid_at = till.loop.time()
                for number in numbers:
                    act(till.gateway, number, "pay")
                    if draw.random() >= lost:
                        await till.take(hint(number, f"HPP-{number}"))
                with suppress(AssertionError):
                    await until(partial(till.shows, watched, LinkState.PAID), 60)
                took = till.loop.time() - paid_at
                worst = max(worst, took)
                await asyncio.sleep(60)
                if took > 10 or {till.shown(number).state for number in numbers} != {LinkState.PAID}:
                    wrong.append(f"seed {seed}: {took:.1f} s")

        in_virtual_time(story)
    promise("S4", count, wrong, worst)


def test_S6_a_payment_that_does_not_match_is_held_however_it_becomes_known(promise: Promise, scaled: Scaled) -> None:
    wrong: list[object] = []
    offers = [Money(18275 + change, "USD") for change in range(-15, 15) if change]
    offers += [Money(18275, currency) for currency in ("EUR", "AUD", "GBP")]
    cases = list(product(offers, (True, False)))[: scaled(60, 60)]

    async def story() -> None:
        for price, knows_order in cases:
            till = Till()
            number = await till.make(knows_order=knows_order)
            till.gateway.accounts[number].price = price
            till.gateway.pay(number)
            async with till.following():
                await till.take(hint(number, f"HPP-{number}"))
                await asyncio.sleep(5)
            if (till.shown(number).state, till.shown(number).note) != (LinkState.UNKNOWN, Note.AMOUNT_DIFFERS):
                wrong.append((price, knows_order, facts(till.shown(number))))

    in_virtual_time(story)
    promise("S6", len(cases), wrong, 0.0)


def test_S8_words_that_nobody_knows_make_nothing_paid(promise: Promise) -> None:
    wrong: list[str] = []
    words = [*(chr(code) * 3 for code in range(33, 200)), "paid?", "PAID ", "null", "0", "SUCCESSFULL", "PAID;REFUNDED"]
    words += [f"STATUS_{number}" for number in range(30)]

    async def story() -> None:
        till = Till()
        numbers = [await till.make() for _ in words]
        told = dict(zip((f"HPP-{number}" for number in numbers), words, strict=True))
        read = till.gateway._read

        def odd(order_reference: str) -> OrderReading:
            return replace(read(order_reference), state=None, raw_word=told[order_reference])

        till.gateway._read = odd  # type: ignore[method-assign]
        for number in numbers:
            till.gateway.pay(number)
        async with till.following():
            for number in numbers:
                await till.take(hint(number, f"HPP-{number}"))
            await asyncio.sleep(900)
        wrong.extend(link.evidence.raw_word for link in till.session.book if link.state is not LinkState.UNKNOWN)

    in_virtual_time(story)
    promise("S8", len(words), wrong, 0.0)


def test_S10_a_silent_service_is_said_within_15_seconds_and_the_age_stays_right(promise: Promise) -> None:
    wrong: list[str] = []
    spans = [1.0, 5.0, 14.0, 20.0, 60.0, 600.0, 3600.0, 86400.0]
    worst = 0.0

    async def story() -> None:
        nonlocal worst
        for span, news in product(spans, (HintWay.ASKED, HintWay.LIVE)):
            till = Till()
            await till.make()
            async with till.following():
                till.follow.set_news(news)
                await asyncio.sleep(40)
                gone_at = till.loop.time()
                till.trouble = NotSent(Trouble.CONNECT)
                last = till.line.last_contact
                if span >= 15:
                    await until(till.is_offline, 60)
                    worst = max(worst, till.loop.time() - gone_at)
                await asyncio.sleep(max(0.0, gone_at + span - till.loop.time()))
                if till.line.last_contact != last and span >= 15:
                    wrong.append(f"{span}: the age began anew")
                till.trouble = None
                await asyncio.sleep(40)
                off = abs((till.line.last_contact or 0.0) - till.answered_at)
                if till.line.state is not LineState.ONLINE or off > 1:
                    wrong.append(f"{span}, {news}: {till.line.state}, its age is wrong by {off:.1f} s")

    in_virtual_time(story)
    wrong += [f"{worst:.1f} s"] if worst > 15 else []
    promise("S10", 2 * len(spans), wrong, worst)


class AnyNews(RuleBasedStateMachine):
    """Customers, hints true and forged, stops and time, in any order. No illegal edge, and the end is that of reads."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner(loop_factory=VirtualLoop)
        self.edges: list[tuple[LinkState, LinkState]] = []

    @initialize(knows=st.lists(st.booleans(), min_size=1, max_size=4))
    def begin(self, knows: list[bool]) -> None:
        async def made() -> Till:
            till = Till()
            self.numbers = [await till.make(knows_order=one) for one in knows]
            till.session.book.listen(self)
            return till

        self.till = self.runner.run(made())

    def links_added(self, first: int, count: int) -> None: ...

    def link_changed(self, position: int, before: PaymentLink) -> None:
        self.edges.append((before.state, self.till.session.book[position].state))

    def lived(self, seconds: float, *hints: Hint) -> None:
        async def story() -> None:
            async with self.till.following():
                for one in hints:
                    await self.till.take(one)
                await asyncio.sleep(seconds)

        self.runner.run(story())

    @rule(which=st.integers(0, 3), what=st.sampled_from(ACTS))
    def somebody_acts(self, which: int, what: str) -> None:
        act(self.till.gateway, self.numbers[which % len(self.numbers)], what)

    @rule(which=st.integers(0, 3), order=st.integers(0, 5), seconds=st.sampled_from([0.0, 1.0, 20.0, 400.0]))
    def a_hint_comes(self, which: int, order: int, seconds: float) -> None:
        orders = [None, "INVENTED", *(f"HPP-{number}" for number in self.numbers)]
        self.lived(seconds, hint(self.numbers[which % len(self.numbers)], orders[order % len(orders)]))

    @rule(seconds=st.sampled_from([1.0, 60.0, 3600.0]))
    def time_passes(self, seconds: float) -> None:
        self.lived(seconds)

    @invariant()
    def every_edge_is_legal(self) -> None:
        assert all(after in LEGAL_MOVES[before] for before, after in self.edges), self.edges

    def teardown(self) -> None:
        if not hasattr(self, "till"):
            return

        async def compared() -> tuple[dict[str, Facts], dict[str, Facts]]:
            async with self.till.following():
                # A paid link is read again when a hint names it, as after a refund at the service's own pages.
                await self.till.take(*map(hint, self.numbers))
                await asyncio.sleep(120)
            return table(self.till.session), await by_reads_alone(self.till)

        with self.runner:
            got, expected = self.runner.run(compared())
        assert got == expected


def test_S7_no_state_goes_back_and_hints_lead_nowhere_that_reads_do_not(promise: Promise, scaled: Scaled) -> None:
    count = scaled(30, 5000)
    AnyNews.TestCase.settings = settings(max_examples=count, stateful_step_count=12, deadline=None)
    AnyNews.TestCase("runTest").debug()
    promise("S7", count, 0, 0.0)
