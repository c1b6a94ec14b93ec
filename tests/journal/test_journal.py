"""What is committed comes back as it was, in the order asked for."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optty_desktop.core.errors import JournalProblem
from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.core.operations import Operation, Stage
from optty_desktop.core.ports import Withdrawn
from optty_desktop.journal import links as link_table
from optty_desktop.journal.journal import open_journal
from tests.journal.places import by_hand, database_in, file_in, new_folder, opened
from tests.journal.samples import NOON, a_link, an_event, an_operation, any_event, any_link, any_operation

UNSETTLED_NOTES = {Note.REFUND_ON_ITS_WAY, Note.CANCEL_NOT_CONFIRMED}
SETTLED = {LinkState.PAID, LinkState.REFUNDED, LinkState.CANCELLED, LinkState.EXPIRED}


# Round trips


@settings(max_examples=40)
@given(st.lists(any_link, max_size=4, unique_by=lambda link: link.invoice_number))
async def test_links_come_back_as_they_were_after_reopening(wanted: list[PaymentLink]) -> None:
    with new_folder() as folder:
        async with opened(folder) as journal:
            await journal.commit(*wanted)
        async with opened(folder) as journal:
            for link in wanted:
                assert await journal.link(link.invoice_number) == link
            assert list(await journal.links()) == newest_first(wanted)
            unsettled = [link for link in wanted if link.state not in SETTLED or link.note in UNSETTLED_NOTES]
            assert list(await journal.unsettled_links()) == newest_first(unsettled)


@settings(max_examples=30)
@given(st.lists(any_operation, max_size=4, unique_by=lambda operation: operation.operation_id))
async def test_operations_come_back_as_they_were_after_reopening(wanted: list[Operation]) -> None:
    ended = [replace(one, stage=Stage.SETTLED) if one.is_open else one for one in wanted[1:]]
    wanted = wanted[:1] + ended
    with new_folder() as folder:
        async with opened(folder) as journal:
            await journal.commit(*wanted, a_link())
        async with opened(folder) as journal:
            found = await journal.operations("INV-1")
            assert sorted(found, key=repr) == sorted(as_utc(wanted), key=repr)
            assert [one.requested_at for one in found] == sorted(one.requested_at for one in wanted)
            assert list(await journal.open_operations()) == [one for one in found if one.is_open]


@settings(max_examples=30)
@given(st.lists(any_event, max_size=8))
async def test_events_come_back_as_they_were_after_reopening(wanted: list[LinkEvent]) -> None:
    with new_folder() as folder:
        async with opened(folder) as journal:
            await journal.commit(a_link(), *wanted)
        async with opened(folder) as journal:
            assert list(await journal.timeline("INV-1")) == sorted(wanted, key=lambda event: event.at)


def as_utc(operations: list[Operation]) -> list[Operation]:
    utc = NOON.tzinfo
    return [
        replace(one, requested_at=one.requested_at.astimezone(utc), changed_at=one.changed_at.astimezone(utc))
        for one in operations
    ]


def newest_first(links: list[PaymentLink]) -> list[PaymentLink]:
    return sorted(links, key=lambda link: (link.created_at, link.invoice_number), reverse=True)


async def test_what_is_not_there_is_none_or_empty(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        assert await journal.link("INV-1") is None
        assert list(await journal.links()) == []
        assert list(await journal.timeline("INV-1")) == []
        assert list(await journal.operations("INV-1")) == []


# Order and pages


async def test_pages_follow_each_other_without_gap_or_repeat(tmp_path: Path) -> None:
    wanted = [a_link(f"INV-{number}", age=number // 3) for number in range(20)]
    async with opened(tmp_path) as journal:
        await journal.commit(*wanted)
        found: list[PaymentLink] = []
        before: tuple[datetime, str] | None = None
        while page := await journal.links(before=before, limit=7):
            found.extend(page)
            before = (page[-1].created_at, page[-1].invoice_number)
        assert found == newest_first(wanted)


async def test_since_takes_the_first_moment_in(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        await journal.commit(a_link("INV-1", age=5), a_link("INV-2", age=10), a_link("INV-3", age=11))
        found = await journal.links(since=NOON - timedelta(minutes=10))
        assert [link.invoice_number for link in found] == ["INV-1", "INV-2"]


async def test_the_timeline_is_oldest_first_and_keeps_the_order_of_one_moment(tmp_path: Path) -> None:
    kinds = [EventKind.CREATED, EventKind.EMAILED, EventKind.PAID]
    async with opened(tmp_path) as journal:
        await journal.commit(a_link(), an_event(kind=EventKind.REFUNDED, minute=9))
        await journal.commit(*(an_event(kind=kind) for kind in kinds))
        assert [event.kind for event in await journal.timeline("INV-1")] == [*kinds, EventKind.REFUNDED]


# Replacing and withdrawing


async def test_a_link_or_operation_replaces_the_one_of_its_key(tmp_path: Path) -> None:
    paid = a_link(state=LinkState.PAID, note=Note.PAID_LATE, url="https://pay.example/1")
    async with opened(tmp_path) as journal:
        await journal.commit(a_link(), an_operation(), an_event())
        await journal.commit(paid, an_operation(stage=Stage.SENDING))
        assert list(await journal.links()) == [paid]
        assert list(await journal.operations("INV-1")) == [an_operation(stage=Stage.SENDING)]


async def test_of_two_versions_in_one_commit_the_last_stays(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        await journal.commit(a_link(), a_link(state=LinkState.PAID), an_operation(), an_operation(stage=Stage.DONE))
        assert await journal.link("INV-1") == a_link(state=LinkState.PAID)
        assert list(await journal.operations("INV-1")) == [an_operation(stage=Stage.DONE)]


async def test_a_withdrawn_link_is_gone_with_its_contacts_but_not_its_timeline(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        await journal.commit(a_link(), an_operation(stage=Stage.SENDING), an_event())
        await journal.commit(Withdrawn("INV-1"), an_operation(stage=Stage.NOT_SENT))
        assert await journal.link("INV-1") is None
        assert list(await journal.links()) == list(await journal.unsettled_links()) == []
        assert list(await journal.timeline("INV-1")) == [an_event()]
        assert list(await journal.operations("INV-1")) == [an_operation(stage=Stage.NOT_SENT)]
    assert b"ann@example.com" not in file_in(tmp_path).read_bytes()


async def test_the_request_of_a_withdrawn_link_keeps_no_contacts(tmp_path: Path) -> None:
    sent = replace(an_operation(stage=Stage.SENDING), body=b'{"email":"ann@example.com","phone":"+61400000000"}')
    refused = replace(sent, stage=Stage.REFUSED)
    other = replace(an_operation("INV-2", Stage.SENDING, "op-2"), body=b"{}")
    async with opened(tmp_path) as journal:
        await journal.commit(a_link(), a_link("INV-2"), sent, other)
        await journal.commit(Withdrawn("INV-1"), refused)
        assert list(await journal.operations("INV-1")) == [replace(refused, body=b"")]
        assert list(await journal.operations("INV-2")) == [other]
    text = file_in(tmp_path).read_bytes()
    assert text.count(b"ann@example.com") == text.count(b"+61400000000") == 1  # those of INV-2


async def test_a_withdrawn_link_can_come_back(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        await journal.commit(a_link(), Withdrawn("INV-1"), Withdrawn("INV-2"))
        assert await journal.link("INV-1") is None
        await journal.commit(a_link())
        assert list(await journal.links()) == list(await journal.unsettled_links()) == [a_link()]


# What the tables refuse


async def test_events_cannot_be_changed_or_removed(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        await journal.commit(a_link(), an_event())
    for statement in ("UPDATE events SET actor = 'x'", "DELETE FROM events"):
        with pytest.raises(sqlite3.IntegrityError):
            by_hand(tmp_path, lambda connection, sql=statement: connection.execute(sql))  # type: ignore[misc]


@pytest.mark.parametrize("record", [an_event("INV-2"), an_operation("INV-2")], ids=["event", "operation"])
async def test_nothing_is_kept_for_a_link_that_is_not_there(tmp_path: Path, record: LinkEvent | Operation) -> None:
    async with opened(tmp_path) as journal:
        with pytest.raises(JournalProblem):
            await journal.commit(a_link("INV-1"), record)
        assert list(await journal.links()) == []


@pytest.mark.parametrize(
    "link", [a_link(refunded_minor=2**63), a_link(description="\ud800")], ids=["number", "surrogate"]
)
async def test_a_value_that_does_not_fit_is_a_journal_problem(tmp_path: Path, link: PaymentLink) -> None:
    async with opened(tmp_path) as journal:
        with pytest.raises(JournalProblem):
            await journal.commit(link)
        assert list(await journal.links()) == []


async def test_a_time_without_zone_is_refused(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        with pytest.raises(ValueError, match="zone"):
            await journal.commit(a_link(due_at=datetime(2026, 3, 21)))
        assert list(await journal.links()) == []


# Doors and speed


async def test_the_opener_gives_each_environment_its_own_file(tmp_path: Path) -> None:
    opener = open_journal(tmp_path / "journals")
    training, live = await asyncio.gather(opener("training"), opener("live"))
    await training.commit(a_link())
    assert list(await live.links()) == []
    await asyncio.gather(training.close(), live.close())
    names = {path.name for path in (tmp_path / "journals").iterdir()}
    assert names == {f"{one}.{kind}" for one in ("live", "training") for kind in ("journal", "ballast", "seal")}


@pytest.mark.parametrize(
    ("query", "index"), [(link_table._PAGE, "links_by_age"), (link_table._UNSETTLED, "links_unsettled")]
)
async def test_queries_that_grow_walk_an_index_in_order(tmp_path: Path, query: str, index: str) -> None:
    values = (0, 0, "", 10)[: query.count("?")]
    async with database_in(tmp_path) as database:
        plan = await database.read(
            lambda connection: connection.execute("EXPLAIN QUERY PLAN " + query, values).fetchall()
        )
    text = " ".join(str(row[-1]) for row in plan)
    assert f"USING INDEX {index}" in text
    assert "TEMP B-TREE" not in text
