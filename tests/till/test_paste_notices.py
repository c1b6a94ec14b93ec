"""Pasted notices: what they are about is said first, their links are read, and they change nothing themselves (S1)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from optty_desktop.core.errors import DiskFull, NoticeProblem, NoticeTrouble, NotSent, Refused, Trouble
from optty_desktop.core.events import EventKind
from optty_desktop.core.hints import Pasted
from optty_desktop.core.links import LinkState, Note
from optty_desktop.hints.pasted import PastedNotices, read_pasted
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.follow_status import READ_AT_ONCE, FollowStatus
from optty_desktop.till.hint_queue import SECONDS_BETWEEN_READS
from optty_desktop.till.paste_notices import Ending, Outcome, PasteNotices
from optty_desktop.till.read_ceiling import MOST_A_MINUTE
from optty_desktop.till.take_hints import TakeHints
from tests.fakes import MemoryJournal, draft, session
from tests.promises import Promise
from tests.till.hinted_till import Till, in_no_time

KINDS = ("ORDER_ASYNC_CALLBACK", "ORDER_STATUS_UPDATE", "REFUND_CALLBACK", "CAPTURE_CALLBACK")
WORDS = ("SUCCESSFUL", "PAID", "REFUNDED", "CANCELLED", "DECLINED", "EXPIRED", "ERROR", "")


def notice(number: str | None, order: str | None = None, *, event: str = KINDS[0], status: str = "SUCCESSFUL") -> str:
    data: dict[str, object] = {"status": status, "amount": 182.75, "currency": "USD"}
    data |= {"metadata": {"invoiceNumber": number}} if number else {}
    data |= {"merchantReference": order} if order else {}
    return json.dumps({"event": event, "data": data})


def most_in_a_minute(reads: list[tuple[str, float]]) -> int:
    times = [at for _, at in reads]
    # Not quite a minute: a read that waited for the ceiling begins as the minute ends.
    return max(sum(begin <= at < begin + 59.99 for at in times) for begin in times)


class Reader:
    """Reads in this thread: no other one lives in virtual time."""

    async def read_text(self, text: str, at: datetime) -> Pasted:
        return read_pasted(text, at)

    async def read_file(self, path: Path, at: datetime) -> Pasted:
        raise NoticeProblem(NoticeTrouble.FILE)


class Counter(Till):
    """A till at which somebody pastes."""

    def __init__(self, journal: MemoryJournal | None = None) -> None:
        super().__init__(journal)
        self.verb = PasteNotices(self.session, Reader(), self.hints, self.follow)

    async def paste(self, *notices: str) -> Sequence[Outcome]:
        """Paste these and press the button."""
        understood = await self.verb.understand("\n".join(notices))
        await self.verb.keep(understood)
        return await self.verb.read(understood)


@in_no_time
async def test_what_was_understood_is_said_before_anything_is_done() -> None:
    till = Counter()
    mine = await till.make()
    before = len(till.journal.commits)
    notices = [notice(mine), notice(mine), notice("OTHER-1"), notice(None, "X")]
    understood = await till.verb.understand("\n".join(notices))
    assert (understood.notices, understood.unreadable) == (4, 0)
    assert [link.invoice_number for link in understood.links] == [mine]
    assert understood.unknown == ("OTHER-1", "X")
    assert (till.reads, len(till.journal.commits)) == ([], before)


@in_no_time
async def test_the_link_is_read_and_the_read_decides() -> None:
    till = Counter()
    number = await till.make()
    (outcome,) = await till.paste(notice(number))
    assert (outcome.ending, outcome.link.state) == (Ending.READ, LinkState.PENDING)
    till.gateway.pay(number)
    (outcome,) = await till.paste(notice(number, status="DECLINED"))
    assert (outcome.ending, outcome.link.state) == (Ending.READ, LinkState.PAID)
    pasted = [event for event in till.journal.events if event.kind is EventKind.NOTICE_PASTED]
    assert [(event.invoice_number, event.actor) for event in pasted] == [(number, "Cashier 1")] * 2


@in_no_time
async def test_each_link_is_read_once_however_many_notices_name_it() -> None:
    till = Counter()
    number = await till.make()
    await till.paste(*(notice(number) for _ in range(9)))
    assert len(till.reads) == 1
    assert await till.journal.read_wishes() == []


@in_no_time
async def test_an_order_that_is_the_links_own_brings_it_its_state() -> None:
    till = Counter()
    number = await till.make(knows_order=False)
    till.gateway.pay(number)
    (outcome,) = await till.paste(notice(number, f"HPP-{number}"))
    assert (outcome.ending, outcome.link.state) == (Ending.READ, LinkState.PAID)


@in_no_time
async def test_a_link_without_an_order_stays_as_it_is() -> None:
    till = Counter()
    number = await till.make(knows_order=False)
    (outcome,) = await till.paste(notice(number))
    assert (outcome.ending, outcome.link.state, till.reads) == (Ending.NO_ORDER, LinkState.PENDING, [])


@in_no_time
async def test_a_paid_order_that_nothing_ties_to_the_link_asks_a_person() -> None:
    till = Counter()
    number, other = await till.make(knows_order=False), await till.make()
    till.gateway.accounts["7"] = till.gateway.accounts.pop(other)
    till.gateway.pay("7")
    (outcome,) = await till.paste(notice(number, "HPP-7"))
    assert (outcome.ending, outcome.link.state) == (Ending.NO_ORDER, LinkState.PENDING)
    assert outcome.link.note is Note.REPORTED


@in_no_time
async def test_a_dead_line_is_told_and_every_link_is_read_when_it_is_back() -> None:
    till = Counter()
    numbers = [await till.make() for _ in range(3)]
    till.trouble = NotSent(Trouble.CONNECT)
    outcomes = await till.paste(*map(notice, numbers))
    assert [one.ending for one in outcomes] == [Ending.FAILED, Ending.LATER, Ending.LATER]
    assert len(till.reads) == 1
    till.trouble = None
    for number in numbers:
        till.gateway.pay(number)
    async with till.following():
        await asyncio.sleep(60)
    assert all(till.shown(number).state is LinkState.PAID for number in numbers)


@in_no_time
async def test_what_is_refused_for_one_link_stops_no_other() -> None:
    till = Counter()
    numbers = [await till.make() for _ in range(2)]
    till.trouble = Refused(400)
    outcomes = await till.paste(*map(notice, numbers))
    assert [one.ending for one in outcomes] == [Ending.FAILED, Ending.FAILED]


@in_no_time
async def test_many_links_are_read_in_turn() -> None:
    till = Counter()
    numbers = [await till.make() for _ in range(READ_AT_ONCE + 5)]
    outcomes = await till.paste(*map(notice, numbers))
    assert [one.ending for one in outcomes] == [Ending.READ] * READ_AT_ONCE + [Ending.LATER] * 5
    async with till.following():
        await asyncio.sleep(60)
    assert await till.journal.read_wishes() == []


@in_no_time
async def test_a_paste_makes_one_read_a_link_and_leaves_the_other_orders_to_their_turn() -> None:
    till = Counter()
    numbers = [await till.make(knows_order=False) for _ in range(READ_AT_ONCE)]
    outcomes = await till.paste(*(notice(number, f"INVENTED-{n}") for number in numbers for n in range(5)))
    assert len(till.reads) == READ_AT_ONCE
    assert {one.ending for one in outcomes} == {Ending.LATER}
    async with till.following():
        await asyncio.sleep(1800)
    assert most_in_a_minute(till.reads) <= MOST_A_MINUTE
    assert await till.journal.read_wishes() == []


@in_no_time
async def test_pasting_again_and_again_keeps_to_the_ceiling_and_loses_nothing() -> None:
    till = Counter()
    numbers = [await till.make() for _ in range(READ_AT_ONCE)]
    ends = [[one.ending for one in await till.paste(*map(notice, numbers))] for _ in range(4)]
    assert ends[0] == [Ending.READ] * READ_AT_ONCE
    assert ends[3] == [Ending.LATER] * READ_AT_ONCE
    assert len(till.reads) == MOST_A_MINUTE * 2 // 3, "the rest is kept free for the link on the screen"
    async with till.following():
        await asyncio.sleep(120)
    assert most_in_a_minute(till.reads) <= MOST_A_MINUTE
    assert await till.journal.read_wishes() == []


@in_no_time
async def test_a_link_rests_between_two_pastes() -> None:
    till = Counter()
    number = await till.make()
    for _ in range(3):
        (outcome,) = await till.paste(notice(number))
        assert outcome.ending is Ending.READ
    times = [at for _, at in till.reads]
    assert all(later - earlier == pytest.approx(SECONDS_BETWEEN_READS) for earlier, later in pairwise(times))


@in_no_time
async def test_a_slow_service_keeps_nobody_waiting_long() -> None:
    till = Counter()
    numbers = [await till.make() for _ in range(READ_AT_ONCE)]
    before = till.gateway.before
    assert before is not None

    async def slow(call: str) -> None:
        await before(call)
        await asyncio.sleep(6)

    till.gateway.before = slow
    begun = till.loop.time()
    ends = [one.ending for one in await till.paste(*map(notice, numbers))]
    assert ends == [Ending.READ] * 3 + [Ending.LATER] * (READ_AT_ONCE - 3)
    assert till.loop.time() - begun < 20
    async with till.following():
        await asyncio.sleep(180)
    assert await till.journal.read_wishes() == []


@in_no_time
async def test_reads_that_are_ended_half_way_are_made_later() -> None:
    till = Counter()
    numbers = [await till.make() for _ in range(5)]
    reading = asyncio.ensure_future(till.paste(*map(notice, numbers)))
    await asyncio.sleep(0.25)
    reading.cancel()
    await asyncio.sleep(5)
    assert len(till.reads) == 2
    for number in numbers:
        till.gateway.pay(number)
    async with till.following():
        await asyncio.sleep(30)
    assert await till.journal.read_wishes() == []
    assert {till.shown(number).state for number in numbers} == {LinkState.PAID}


@in_no_time
async def test_an_order_that_is_not_there_yet_is_not_said_to_be_missing() -> None:
    till = Counter()
    number = await till.make(knows_order=False)
    (outcome,) = await till.paste(notice(number, f"HPP-{number}"))
    assert (outcome.ending, till.asked_for(f"HPP-{number}")) == (Ending.LATER, 1)
    till.gateway.pay(number)
    async with till.following():
        await asyncio.sleep(12)
        assert till.shown(number).state is LinkState.PAID


@in_no_time
async def test_a_link_whose_other_order_is_still_to_be_read_is_not_said_to_be_read() -> None:
    till = Counter()
    number = await till.make()
    (outcome,) = await till.paste(notice(number, "OTHER"))
    assert (outcome.ending, till.reads[0][0]) == (Ending.LATER, f"HPP-{number}")


@in_no_time
async def test_what_cannot_be_kept_is_not_read() -> None:
    till = Counter()
    number = await till.make()
    understood = await till.verb.understand(notice(number))
    till.journal.fail_with = DiskFull()
    with pytest.raises(DiskFull):
        await till.verb.keep(understood)
    assert till.reads == []


async def test_a_file_is_understood_like_a_text(tmp_path: Path) -> None:
    till = session()
    number = (await CreateLink(till, str).create(draft())).invoice_number
    follow = FollowStatus(till, lambda _line: None, lambda: 1.0)
    verb = PasteNotices(till, PastedNotices(), TakeHints(till, follow), follow)
    file = tmp_path / "notice.json"
    file.write_text(notice(number), encoding="utf-8")
    assert [link.invoice_number for link in (await verb.understand_file(file)).links] == [number]
    with pytest.raises(NoticeProblem):
        await verb.understand_file(tmp_path / "gone.json")


def test_s1_no_notice_that_anybody_pastes_changes_a_status(promise: Promise) -> None:
    """Every event with every word, for a link nobody has paid: the end is what the service says, Pending."""
    failures: list[str] = []

    @in_no_time
    async def test() -> None:
        till = Counter()
        for knows_order in (True, False):
            number = await till.make(knows_order=knows_order)
            for event in KINDS:
                for word in WORDS:
                    for order in (None, f"HPP-{number}", "HPP-0"):
                        forged = notice(number, order, event=event, status=word)
                        # Within the ceiling, so that every notice has its read.
                        await asyncio.sleep(3)
                        await till.paste(forged)
                        if (till.shown(number).state, till.shown(number).paid) != (LinkState.PENDING, None):
                            failures.append(forged)

    test()
    promise("S1", 2 * len(KINDS) * len(WORDS) * 3, failures, 0.0)
