"""What is promised about cancelling and paying back, each promise by its id."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from optty_desktop.core.errors import AnswerNotStored, AppError, DiskFull, JournalProblem, OperationOpen
from optty_desktop.core.events import EventKind
from optty_desktop.core.links import LinkState, Note
from optty_desktop.core.money import Money
from optty_desktop.core.operations import Operation, OperationKind, Stage
from optty_desktop.core.ports import Record
from optty_desktop.till.cancel_or_refund import FRESH_SECONDS, Approval, CancelOrRefund, ChangedMeanwhile, Look
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.outcomes import Ending
from optty_desktop.till.session import Session
from optty_desktop.training.records import LinkStatus, Refund, RefundStatus
from tests.fakes import IDENTITY as OURSELVES
from tests.fakes import THROUGH_ORDER, TRAINING, FakeOptty, counted_bytes, draft, session
from tests.faults.model import Schedule, is_right, live, wanted
from tests.faults.world import Counter, Fate
from tests.journal.places import opened
from tests.promises import Promise, Scaled
from tests.waiting import until

REASON = "Customer returned goods"


async def made(counter: Counter) -> str:
    """A link of this till."""
    return (await CreateLink(counter.till, str).create(draft())).invoice_number


def approval(look: Look, minor: int | None = None) -> Approval:
    """What a person decides who wants the link gone, or ``minor`` of its payment back."""
    kind = wanted(look.link) if minor is None else OperationKind.REFUND
    assert kind is not None
    amount = look.link.amount if kind is OperationKind.CANCEL else look.link.refundable
    return Approval(kind, look, amount if minor is None else Money(minor, "USD"), REASON)


async def check(counter: Counter, number: str) -> LinkState:
    """The state of a link after a read."""
    return (await FollowStatus(counter.till, lambda _line: None, lambda: 1.0).check(number)).state


async def agree(counter: Counter, number: str) -> bool:
    """Whether screen and ledger agree, or the screen says that it does not know."""
    return is_right(await counter.till.find(number), counter.service.ledger.link(number))


async def test_R1_one_open_operation_a_link(tmp_path: Path, promise: Promise, scaled: Scaled) -> None:
    wrong, worst, times = [], 0.0, scaled(4, 50)
    for case in range(times):
        gateway = FakeOptty()
        gateway.refund_is_instant = case % 2 == 0
        async with opened(tmp_path / str(case)) as journal:
            till = Session(gateway, journal, OURSELVES, session().clock, counted_bytes())
            number = (await CreateLink(till, str).create(draft())).invoice_number
            if case % 4 < 2:
                gateway.pay(number)
            verb, other = CancelOrRefund(till), CancelOrRefund(till)
            approved = approval(await verb.look(number))
            begun = time.monotonic()
            presses = (each.carry_out(approved) for each in (verb, other) * 25)
            results = await asyncio.gather(*presses, return_exceptions=True)
            worst = max(worst, time.monotonic() - begun)
            refused = [one for one in results if isinstance(one, AppError)]
            if gateway.calls.count("cancel_or_refund") != 1 or len(refused) != 49:
                wrong.append(f"{gateway.calls.count('cancel_or_refund')} sent, {len(refused)} refused")
    promise("R1", times, wrong, worst)


async def test_R1_the_record_itself_holds_one_open_operation(tmp_path: Path, promise: Promise) -> None:
    async with opened(tmp_path) as journal:
        till = Session(FakeOptty(), journal, OURSELVES, session().clock, counted_bytes())
        link = await CreateLink(till, str).create(draft())
        first = an_operation(link.invoice_number, "first")
        await journal.commit(first)
        with pytest.raises(OperationOpen):
            await journal.commit(an_operation(link.invoice_number, "second"))
        assert list(await journal.open_operations()) == [first]
    promise("R1", 1, 0, 0.0)


def an_operation(number: str, name: str) -> Operation:
    now = session().clock.now()
    amount = Money(18275, "USD")
    return Operation(
        name, number, OperationKind.REFUND, Stage.INTENT, amount, LinkState.PAID, "Cashier 1", now, now, REASON
    )


async def test_R4_R5_an_unknown_outcome_is_read_and_never_sent_again(promise: Promise, scaled: Scaled) -> None:
    wrong, late = [], 0.0
    fates = (Fate.LOST, Fate.NO_ANSWER, Fate.LATE)
    grid = list(itertools.product(fates, (False, True), (0.0, 90.0), range(0, 21, scaled(10, 1))))
    for fate, is_paid, refund_seconds, bad_reads in grid:
        counter = Counter(refund_seconds=refund_seconds)
        number = await made(counter)
        counter.service.customer.pay(number) if is_paid else counter.service.customer.decline(number)
        verb = CancelOrRefund(counter.till)
        look = await verb.look(number)
        counter.fates = {"money": [fate]}
        outcome = await verb.carry_out(approval(look))
        case = f"{fate}, paid {is_paid}, {bad_reads} bad reads"
        if outcome.ending is not Ending.UNKNOWN or (await counter.till.find(number)).state is not LinkState.UNKNOWN:
            wrong.append(f"{case}: not shown as unknown")
        counter.fates["read"] = [Fate.LOST] * bad_reads
        late = max(late, await settled_after(counter, number))
        if len(counter.service.asked) > (fate is not Fate.LOST) or counter.line.calls.count("money") != 1:
            wrong.append(f"{case}: sent again")
        if not await agree(counter, number) or (await counter.till.find(number)).state is LinkState.UNKNOWN:
            wrong.append(f"{case}: not settled")
    # A call that did come in settles with the first read that shows it; one that got lost, ten minutes after it.
    assert late <= 610 + 10
    promise("R4", len(grid), wrong, late)
    promise("R5", len(grid), wrong, late)


async def settled_after(counter: Counter, number: str) -> float:
    """Read every ten seconds until settled; return the seconds since the first read that worked."""
    since: float | None = None
    for _ in range(100):
        counter.wait(10)
        with suppress(AppError):
            await check(counter, number)
            since = counter.clock.monotonic() if since is None else since
        if await counter.till.open_operation(number) is None:
            break
    return 0.0 if since is None else counter.clock.monotonic() - since


async def test_R6_a_cancel_that_became_a_refund_is_always_told(promise: Promise, scaled: Scaled) -> None:
    wrong, races, cases, worst = [], 0, scaled(100, 500), 0.0
    for case in range(cases):
        begun = time.monotonic()
        first = list(Fate)[case % 5]
        verdict = await live(Schedule(case * 16 / cases, first, refund_seconds=90 * (case % 2), thinks=4 * (case % 3)))
        worst = max(worst, time.monotonic() - begun)
        races += verdict.races
        wrong += verdict.problems()
    assert races, "no cancel became a refund"
    promise("R6", cases, wrong, worst)


@pytest.mark.parametrize("refund_seconds", [0.0, 90.0])
async def test_R6_an_answer_without_a_word_is_not_the_last_word(refund_seconds: float, promise: Promise) -> None:
    counter = Counter(refund_seconds=refund_seconds)
    counter.service.is_wordless = True
    number = await made(counter)
    verb = CancelOrRefund(counter.till)
    approved = approval(await verb.look(number))
    counter.service.customer.pay(number)
    await verb.carry_out(approved)
    assert (await counter.till.find(number)).note is Note.CANCEL_NOT_CONFIRMED
    await check(counter, number)
    kinds = [event.kind for event in counter.kept.events]
    assert kinds.count(EventKind.CANCEL_BECAME_REFUND) == 1
    counter.wait(120)
    assert await check(counter, number) is LinkState.REFUNDED
    promise("R6", 1, 0, 0.0)


def refunded_elsewhere(counter: Counter, number: str) -> None:
    """Somebody pays back through the service's own pages."""
    now = counter.clock.now()
    refund = Refund("id-9", "R-9", Money(100, "USD"), "", now, now, RefundStatus.SUCCESSFUL)
    counter.service.ledger.change(number, lambda link, _: replace(link, refunds=(*link.refunds, refund)))


CHANGES: dict[str, Callable[[Counter, str], object]] = {
    "paid": lambda counter, number: counter.service.customer.pay(number),
    "in progress": lambda counter, number: counter.service.customer.start(number),
    "declined": lambda counter, number: counter.service.customer.decline(number),
    "paid with a tip": lambda counter, number: counter.service.customer.pay(number, Money(20000, "USD")),
}


async def test_R7_what_changed_under_the_question_is_asked_anew(promise: Promise, scaled: Scaled) -> None:
    wrong = []
    grid = [*itertools.product(CHANGES, range(4, 4 + scaled(5, 24)))]
    for name, thinks in grid:
        counter = Counter()
        number = await made(counter)
        verb = CancelOrRefund(counter.till)
        approved = approval(await verb.look(number))
        CHANGES[name](counter, number)
        counter.wait(thinks)
        with pytest.raises(ChangedMeanwhile) as caught:
            await verb.carry_out(approved)
        if "money" in counter.line.calls or await counter.till.open_operation(number) is not None:
            wrong.append(f"{name} after {thinks} s: sent")
        if caught.value.look.link.state is LinkState.PENDING:
            wrong.append(f"{name} after {thinks} s: the new state is not shown")
    promise("R7", len(grid), wrong, 0.0)


@pytest.mark.parametrize("refund_seconds", [0.0, 90.0])
async def test_R7_paid_back_elsewhere_is_asked_anew(refund_seconds: float) -> None:
    counter = Counter(THROUGH_ORDER, refund_seconds)
    number = await made(counter)
    counter.service.customer.pay(number)
    verb = CancelOrRefund(counter.till)
    approved = approval(await verb.look(number))
    refunded_elsewhere(counter, number)
    counter.wait(4)
    with pytest.raises(ChangedMeanwhile):
        await verb.carry_out(approved)
    assert "money" not in counter.line.calls


@pytest.mark.parametrize("clock_jump", [-7200, -4, 0, 4, 7200])
async def test_R7_age_is_counted_by_the_clock_nobody_can_set(clock_jump: int, promise: Promise) -> None:
    ages = []
    for thinks in (0, 1, 2, 3, 4, 60):
        counter = Counter()
        number = await made(counter)
        verb = CancelOrRefund(counter.till)
        approved = approval(await verb.look(number))
        counter.wait(thinks)
        counter.wall.set_by(clock_jump)
        await verb.carry_out(approved)
        ages += counter.line.read_ages
    assert len(ages) == 6
    promise("R7", len(ages), [age for age in ages if age > FRESH_SECONDS], max(ages))


async def test_R7_a_slow_read_is_as_old_as_its_question() -> None:
    counter = Counter()
    number = await made(counter)
    counter.life.pace = 4.0
    look = await CancelOrRefund(counter.till).look(number)
    assert look.read_at is not None
    assert counter.clock.monotonic() - look.read_at > FRESH_SECONDS


@pytest.mark.parametrize("kind", [OperationKind.CANCEL, OperationKind.REFUND])
async def test_R5_a_clock_set_forward_gives_nothing_up_early(kind: OperationKind) -> None:
    counter = Counter()
    number = await made(counter)
    if kind is OperationKind.REFUND:
        counter.service.customer.pay(number)
    else:
        counter.service.customer.decline(number)
    verb = CancelOrRefund(counter.till)
    look = await verb.look(number)
    counter.fates = {"money": [Fate.LATE]}
    await verb.carry_out(approval(look))
    counter.wall.set_by(7200)
    assert await check(counter, number) is LinkState.UNKNOWN
    with pytest.raises(AppError):
        await verb.carry_out(approval(look))
    counter.wait(30)
    await check(counter, number)
    assert counter.service.double_refunds() == []
    assert await agree(counter, number)


async def test_R2_a_refund_on_its_way_is_not_asked_for_again(promise: Promise) -> None:
    cases = list(itertools.product((0, 2, 4), (TRAINING, THROUGH_ORDER)))
    wrong = []
    for thinks, environment in cases:
        counter = Counter(environment, refund_seconds=90.0)
        number = await made(counter)
        counter.service.customer.pay(number)
        verb = CancelOrRefund(counter.till)
        approved = approval(await verb.look(number))
        assert (await verb.carry_out(approved)).ending is Ending.REFUND_ON_ITS_WAY
        counter.wait(thinks)
        with pytest.raises((ChangedMeanwhile, OperationOpen)):
            await verb.carry_out(approved)
        wrong += counter.service.double_refunds()
    promise("R2", len(cases), wrong, 0.0)


async def test_R5_an_earlier_refund_that_came_back_says_nothing_about_this_one(promise: Promise) -> None:
    counter = Counter(THROUGH_ORDER, refund_seconds=60.0)
    number = await made(counter)
    counter.service.customer.pay(number)
    verb = CancelOrRefund(counter.till)
    counter.service.switches.refunds_succeed = False
    await verb.carry_out(approval(await verb.look(number)))
    counter.wait(70)
    look = await verb.look(number)
    assert look.link.note is Note.REFUND_FAILED
    counter.service.switches.refunds_succeed = True
    counter.fates = {"money": [Fate.LATE]}
    await verb.carry_out(approval(look))
    assert await check(counter, number) is LinkState.UNKNOWN
    counter.wait(30)
    assert await check(counter, number) is LinkState.PAID
    assert (await counter.till.find(number)).note is Note.REFUND_ON_ITS_WAY
    counter.wait(90)
    assert await check(counter, number) is LinkState.REFUNDED
    promise("R5", 1, 0, 0.0)


Deed = tuple[str, int]
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["refund", "refund twice", "late", "no answer", "lost"]), st.integers(1, 20000)),
        st.tuples(st.sampled_from(["read", "wait", "die"]), st.integers(1, 700)),
    ),
    max_size=12,
)


async def sequence_of_refunds(deeds: list[Deed], refund_seconds: float) -> None:
    """Live through the deeds; whatever a person tries, no more goes back than was paid."""
    counter = Counter(THROUGH_ORDER, refund_seconds)
    number = await made(counter)
    counter.service.customer.pay(number)
    fates = {"late": Fate.LATE, "no answer": Fate.NO_ANSWER, "lost": Fate.LOST}
    for deed, value in deeds:
        with suppress(AppError):
            match deed:
                case "read":
                    await check(counter, number)
                case "wait":
                    counter.wait(value)
                case "die":
                    counter.restart()
                    await FollowStatus(counter.till, lambda _line: None, lambda: 1.0).take_up()
                case _:
                    verb = CancelOrRefund(counter.till)
                    approved = approval(await verb.look(number), value)
                    counter.fates["money"] = [fates.get(deed, Fate.THROUGH)]
                    await verb.carry_out(approved)
                    if deed == "refund twice":
                        await verb.carry_out(approved)
        assert counter.service.double_refunds() == []
        assert counter.line.without_intent == []
    counter.wait(60)
    assert counter.service.double_refunds() == []


@settings(max_examples=40)
@given(DEEDS, st.sampled_from([0.0, 40.0]))
@example([("refund", 20000)], 0.0)
@example([("refund", 10000), ("refund", 10000)], 0.0)
@example([("refund", 10000), ("refund", 10000)], 40.0)
async def test_R8_no_sequence_of_part_refunds_is_over(deeds: list[Deed], refund_seconds: float) -> None:
    await sequence_of_refunds(deeds, refund_seconds)


@pytest.mark.slow
@pytest.mark.limit(600)
def test_R8_no_sequence_of_two_thousand_is_over(promise: Promise) -> None:
    tried = 0

    @settings(max_examples=2000)
    @given(DEEDS, st.sampled_from([0.0, 40.0]))
    def sequences(deeds: list[Deed], refund_seconds: float) -> None:
        nonlocal tried
        tried += 1
        asyncio.run(sequence_of_refunds(deeds, refund_seconds))

    sequences()
    promise("R8", tried, 0, 0.0)


async def test_R9_a_caller_that_is_gone_drops_no_answer(promise: Promise, scaled: Scaled) -> None:
    wrong, cases = [], [*itertools.product(range(0, 40, scaled(2, 1)), (False, True))]
    for turns, is_paid in cases:
        counter = Counter()
        number = await made(counter)
        if is_paid:
            counter.service.customer.pay(number)
        verb = CancelOrRefund(counter.till)
        approved = approval(await verb.look(number))
        counter.wait(4 * (turns % 2))
        await leave_after(turns, verb, approved)
        if await counter.till.open_operation(number) is not None or not await agree(counter, number):
            wrong.append(f"gone after {turns} turns: {(await counter.till.find(number)).state}")
    promise("R9", len(cases), wrong, 0.0)


async def leave_after(turns: int, verb: CancelOrRefund, approved: Approval) -> None:
    """Begin, be cancelled after so many turns of the loop, and wait until nothing is on its way."""
    caller = asyncio.ensure_future(verb.carry_out(approved))
    for _ in range(turns):
        await asyncio.sleep(0)
    caller.cancel()
    with suppress(asyncio.CancelledError):
        await caller
    await until(lambda: not verb.is_busy)


async def test_R11_refunds_through_the_order_carry_their_own_reference(promise: Promise, scaled: Scaled) -> None:
    times, references = scaled(20, 200), set()
    counter = Counter(THROUGH_ORDER)
    for _ in range(times):
        number = await made(counter)
        counter.service.customer.pay(number)
        verb = CancelOrRefund(counter.till)
        await verb.carry_out(approval(await verb.look(number)))
        (refund,) = counter.service.ledger.link(number).refunds
        (_, kept) = await counter.kept.operations(number)
        assert refund.reference == kept.refund_reference
        references.add(refund.reference)
    promise("R11", times, times - len(references), 0.0)


class Thrifty:
    """Lets a disk fill up at its n-th commit, for once or until there is room again."""

    def __init__(self, counter: Counter, full_at: int, *, is_once: bool) -> None:
        self.commits, self._full_at, self._is_once = 0, full_at, is_once
        self._journal = counter.till.journal
        self._commit = self._journal.commit
        self._journal.commit = self.commit  # type: ignore[method-assign]

    async def commit(self, *records: Record) -> None:
        self.commits += 1
        is_full = self.commits == self._full_at if self._is_once else self.commits >= self._full_at
        if self._full_at and is_full:
            raise DiskFull
        await self._commit(*records)

    def make_room(self) -> None:
        self._full_at = 0


@pytest.mark.parametrize("is_once", [False, True])
@pytest.mark.parametrize("is_paid", [False, True])
@pytest.mark.parametrize("fate", list(Fate))
@pytest.mark.parametrize("full_at", range(1, 4))
async def test_R4_a_full_disk_sends_nothing_twice_and_keeps_what_came(
    full_at: int, fate: Fate, is_paid: bool, is_once: bool
) -> None:
    counter = Counter()
    number = await made(counter)
    counter.service.customer.pay(number) if is_paid else counter.service.customer.decline(number)
    verb = CancelOrRefund(counter.till)
    look = await verb.look(number)
    counter.fates = {"money": [fate]}
    disk = Thrifty(counter, full_at, is_once=is_once)
    was_told = True
    try:
        outcome = await verb.carry_out(approval(look))
        was_told = outcome.ending is not Ending.UNKNOWN
    except AnswerNotStored:
        assert full_at == 3
    except AppError:
        was_told = True
    if full_at < 3:
        assert "money" not in counter.line.calls
    assert counter.line.without_intent == []
    assert await agree(counter, number), "in doubt is said, nothing else"
    disk.make_room()
    # The same till goes on working: what was owed goes to disk first, then everything settles by reading.
    for _ in range(70):
        counter.wait(10)
        await check(counter, number)
    assert await counter.till.open_operation(number) is None
    assert counter.line.calls.count("money") <= 1
    row = await counter.till.find(number)
    assert row.state is not LinkState.UNKNOWN
    assert await agree(counter, number)
    assert counter.kept.saved[number].state is row.state
    assert was_told or fate is not Fate.THROUGH


async def test_R4_what_can_never_be_written_holds_nothing_else_up() -> None:
    counter = Counter()
    poison, other = await made(counter), await made(counter)
    commit = counter.till.journal.commit

    async def choosy(*records: Record) -> None:
        if any(getattr(record, "stage", None) is Stage.DONE and record.invoice_number == poison for record in records):
            raise JournalProblem("a value does not fit the journal")
        await commit(*records)

    counter.till.journal.commit = choosy  # type: ignore[method-assign]
    verb = CancelOrRefund(counter.till)
    with pytest.raises(AnswerNotStored):
        await verb.carry_out(approval(await verb.look(poison)))
    assert (await verb.carry_out(approval(await verb.look(other)))).ending is Ending.CANCELLED
    newer = replace(await counter.till.find(poison), note=Note.PAID_LATE)
    await counter.till.record(newer)
    counter.till.journal.commit = commit  # type: ignore[method-assign]
    await counter.till.write_owed()
    assert counter.kept.saved[poison] == newer, "what was owed is older than what was written meanwhile"
    assert await counter.kept.open_operations() == []


async def test_R4_a_full_disk_and_a_stop_leave_a_link_to_check() -> None:
    counter = Counter()
    number = await made(counter)
    counter.service.customer.pay(number)
    verb = CancelOrRefund(counter.till)
    look = await verb.look(number)
    Thrifty(counter, 3, is_once=False)
    with pytest.raises(AnswerNotStored):
        await verb.carry_out(approval(look))
    assert (await counter.till.find(number)).state is LinkState.REFUNDED
    counter.restart()
    assert await FollowStatus(counter.till, lambda _line: None, lambda: 1.0).take_up() == 1
    assert await check(counter, number) is LinkState.REFUNDED
    assert counter.service.ledger.link(number).status is LinkStatus.REFUNDED


@pytest.mark.parametrize("is_paid", [False, True])
async def test_R4_without_a_network_between_read_and_send_nothing_is_left_open(is_paid: bool) -> None:
    counter = Counter()
    number = await made(counter)
    if is_paid:
        counter.service.customer.pay(number)
    verb = CancelOrRefund(counter.till)
    counter.fates = {"money": [Fate.NOT_SENT]}
    with pytest.raises(AppError):
        await verb.carry_out(approval(await verb.look(number)))
    assert await counter.till.open_operation(number) is None
    await verb.carry_out(approval(await verb.look(number)))
    assert await agree(counter, number)
    assert len(counter.service.asked) == 1


async def test_R4_a_fault_of_the_program_itself_leaves_a_link_to_check() -> None:
    counter = Counter()
    number = await made(counter)
    counter.service.customer.pay(number)
    verb = CancelOrRefund(counter.till)
    look = await verb.look(number)
    counter.service.is_broken = True
    with pytest.raises(ZeroDivisionError):
        await verb.carry_out(approval(look))
    assert (await counter.till.find(number)).state is LinkState.UNKNOWN
    assert await check(counter, number) is LinkState.REFUNDED
