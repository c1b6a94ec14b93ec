"""What support may know of a record: counts, sizes and days, from inside the window and from outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from optty_desktop.core.diagnosis import JournalFacts
from optty_desktop.core.links import LinkState
from optty_desktop.core.operations import OperationKind, Stage
from optty_desktop.core.ports import Withdrawn
from optty_desktop.journal.inspection import inspect_journals
from tests.journal.places import by_hand, contents, file_in, opened
from tests.journal.samples import a_link, an_event, an_operation

DAY = date(2026, 3, 21)


async def fill(folder: Path) -> JournalFacts:
    """A record with a day's work in it; returns what the window knows of it."""
    async with opened(folder) as journal:
        await journal.commit(
            *(a_link(f"INV-{number}") for number in range(3)), a_link("INV-3", LinkState.PAID), an_event("INV-0")
        )
        await journal.commit(an_operation("INV-3", Stage.SENDING, "op-1"))
        await journal.commit(replace(an_operation("INV-0", Stage.DONE, "op-2"), kind=OperationKind.CREATE))
        await journal.commit(Withdrawn("INV-2"))
        await journal.back_up_day(DAY)
        return await journal.facts()


async def test_the_window_counts_what_it_holds(tmp_path: Path) -> None:
    facts = await fill(tmp_path)
    assert facts == JournalFacts(
        "training",
        facts.size,
        DAY,
        schema=2,
        links={"pending": 2, "paid": 1},
        operations={"refund sending": 1, "create done": 1},
        open_operations=1,
    )
    assert facts.size is not None
    assert facts.size > 4096


async def test_a_closed_record_says_the_same_and_stays_as_it_is(tmp_path: Path) -> None:
    inside = await fill(tmp_path)
    before = contents(tmp_path)
    (outside,) = inspect_journals(tmp_path)
    assert replace(outside, size=inside.size) == inside
    assert contents(tmp_path) == before
    async with opened(tmp_path) as journal:
        assert len(await journal.links()) == 3


@pytest.mark.parametrize("reason", ["restored 2026-03-20", "started_anew 2026-03-21T12:00:00+00:00", "started_anew"])
async def test_why_refunds_wait_is_told_in_our_own_words_only(tmp_path: Path, reason: str) -> None:
    await fill(tmp_path)
    for said, told in ((reason, reason), (f"{reason} for ann@example.com", "other")):
        by_hand(tmp_path, lambda c, said=said: c.execute(  # type: ignore[misc]
            "INSERT INTO meta (name, value) VALUES ('refunds_blocked', ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value", (said,)
        ))  # fmt: skip
        assert inspect_journals(tmp_path)[0].block == told


async def test_words_this_program_does_not_know_are_not_repeated(tmp_path: Path) -> None:
    await fill(tmp_path)
    by_hand(tmp_path, lambda c: c.execute("UPDATE links SET state = 'ann@example.com' WHERE invoice_number = 'INV-3'"))
    by_hand(tmp_path, lambda c: c.execute("UPDATE operations SET kind = 'ann', stage = 'canary'"))
    (facts,) = inspect_journals(tmp_path)
    assert facts.links == {"pending": 2, "other": 1}
    assert facts.operations == {"other other": 2}
    assert facts.open_operations == 2, "a stage nobody knows counts as open"


async def test_a_record_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    await fill(tmp_path)
    by_hand(tmp_path, lambda c: c.execute("PRAGMA user_version = 99"))
    assert [one.problem for one in inspect_journals(tmp_path)] == ["JournalNewer"]
    file_in(tmp_path).write_bytes(b"no journal at all" * 500)
    (facts,) = inspect_journals(tmp_path)
    assert (facts.problem, facts.size, facts.newest_backup) == ("JournalDamaged", 8500, DAY)
    file_in(tmp_path).write_bytes(b"")
    assert [one.problem for one in inspect_journals(tmp_path)] == ["JournalDamaged"]


def test_without_a_record_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert inspect_journals(tmp_path / "nowhere") == []
    (tmp_path / "Name of a customer.journal").write_bytes(b"")
    assert inspect_journals(tmp_path) == []
