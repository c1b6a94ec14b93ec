"""Whose turn it is: the rules that only chance brings to light."""

from __future__ import annotations

from optty_desktop.till.due_links import DueLinks
from optty_desktop.till.hint_queue import SECONDS_BETWEEN_READS, HintQueue
from optty_desktop.till.read_ceiling import ReadCeiling
from optty_desktop.till.read_turns import ReadTurns
from tests.fakes import FakeClock, FakeOptty, link, session

EARLY = 0.8
"""The factor by which chance ends a pause early."""


def test_a_pause_that_ends_early_lets_no_link_be_read_before_it_has_rested() -> None:
    clock = FakeClock()
    till = session(FakeOptty(), None, clock)
    till.book.put_all([link("T2-1"), link("T2-2")])
    links = DueLinks(till, lambda: None)
    hints = HintQueue(links.asked_at)
    turns = ReadTurns(clock, links, hints, ReadCeiling(clock), lambda: EARLY)
    links.note_read("T2-2")
    clock.advance(27.7)
    links.note_read("T2-1")
    hints.add("T2-1", clock.monotonic())
    pause = turns.pause()
    assert pause is not None
    assert pause < SECONDS_BETWEEN_READS, "the other link is due in a moment, and chance makes it a little earlier"
    clock.advance(pause)
    turn = turns.take()
    assert turn is not None
    assert (turn.invoice_number, turn.is_hinted, turn.is_its_own) == ("T2-2", False, True)


def test_a_hint_for_a_link_whose_turn_it_is_anyhow_is_taken_with_it() -> None:
    clock = FakeClock()
    till = session(FakeOptty(), None, clock)
    till.book.put(link("T2-1"))
    links = DueLinks(till, lambda: None)
    links.watch("T2-1")
    hints = HintQueue(links.asked_at)
    turns = ReadTurns(clock, links, hints, ReadCeiling(clock), lambda: 1.0)
    clock.advance(60)
    hints.add("T2-1", clock.monotonic())
    turn = turns.take()
    assert turn is not None
    assert (turn.is_hinted, turn.is_its_own) == (True, True)
    assert hints.first() is None
