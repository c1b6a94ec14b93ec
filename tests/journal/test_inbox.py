"""The inbox of hints: one durable transaction with the cursor, one row for what is asked often."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from optty_desktop.core.errors import JournalProblem
from optty_desktop.core.hints import HintSource, ReadWish
from optty_desktop.journal.inbox import ORDERS_KEPT
from tests.journal.places import by_hand, opened
from tests.journal.samples import a_link


def asked(*wishes: ReadWish) -> list[tuple[str, str]]:
    return [(wish.invoice_number, wish.order_reference) for wish in wishes]


async def test_wishes_and_cursor_are_there_after_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        assert await journal.hint_cursor(HintSource.RELAY) is None
        await journal.take_hints(HintSource.RELAY, [ReadWish("INV-1"), ReadWish("INV-1", "HPP-1")], "place 7")
        await journal.take_hints(HintSource.PASTED, [ReadWish("INV-2")])
    async with opened(tmp_path) as journal:
        assert await journal.hint_cursor(HintSource.RELAY) == "place 7"
        assert await journal.hint_cursor(HintSource.PASTED) is None
        assert asked(*await journal.read_wishes()) == [("INV-1", ""), ("INV-1", "HPP-1"), ("INV-2", "")]
        assert asked(*await journal.read_wishes("INV-2")) == [("INV-2", "")]


async def test_a_waiter_who_is_cancelled_leaves_the_write_to_be_made_before_the_next_read(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        taking = asyncio.ensure_future(journal.take_hints(HintSource.RELAY, [ReadWish("INV-1")], "place 7"))
        await asyncio.sleep(0)
        taking.cancel()
        assert asked(*await journal.read_wishes()) == [("INV-1", "")]
        assert await journal.hint_cursor(HintSource.RELAY) == "place 7"


async def test_the_cursor_does_not_move_without_what_it_stands_for(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        await journal.take_hints(HintSource.RELAY, [], "place 1")
    fails = "CREATE TRIGGER full BEFORE INSERT ON read_wishes BEGIN SELECT RAISE(ABORT, 'no'); END"
    by_hand(tmp_path, lambda connection: connection.execute(fails))
    async with opened(tmp_path) as journal:
        with pytest.raises(JournalProblem):
            await journal.take_hints(HintSource.RELAY, [ReadWish("INV-1")], "place 2")
        assert await journal.hint_cursor(HintSource.RELAY) == "place 1"


async def test_equal_wishes_are_one_and_a_renewed_one_outlives_the_read_before(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        await journal.take_hints(HintSource.RELAY, [ReadWish("INV-1")])
        (looked_up,) = await journal.read_wishes()
        await journal.take_hints(HintSource.RELAY, [ReadWish("INV-1")])
        await journal.grant_wishes(looked_up)
        (renewed,) = await journal.read_wishes()
        await journal.grant_wishes(renewed)
        assert await journal.read_wishes() == []


async def test_a_flood_of_orders_for_one_link_keeps_the_newest(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        await journal.take_hints(HintSource.RELAY, [ReadWish("INV-1"), ReadWish("INV-2", "HPP-2")])
        await journal.take_hints(HintSource.RELAY, [ReadWish("INV-1", f"FORGED-{n}") for n in range(300)])
        await journal.take_hints(HintSource.RELAY, [ReadWish("INV-1", "HPP-1")])
        kept = asked(*await journal.read_wishes("INV-1"))
        assert (len(kept), kept[0], kept[-1]) == (1 + ORDERS_KEPT, ("INV-1", ""), ("INV-1", "HPP-1"))
        assert asked(*await journal.read_wishes("INV-2")) == [("INV-2", "HPP-2")]


async def test_a_link_is_found_by_its_order(tmp_path: Path) -> None:
    async with opened(tmp_path) as journal:
        await journal.commit(a_link("INV-1", order_reference="HPP-1"), a_link("INV-2"))
        assert await journal.link_of_order("HPP-1") == a_link("INV-1", order_reference="HPP-1")
        assert await journal.link_of_order("HPP-2") is None
