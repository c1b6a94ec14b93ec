"""News on the screen and by sound: at once, together where they come together, and once for what is old."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from optty_desktop.core.links import LinkState, Note
from optty_desktop.core.news import News
from optty_desktop.ui.news_watch import MOMENT_MS
from optty_desktop.ui.times import clock_time
from tests.fakes import START
from tests.ui.desk_room import turns
from tests.ui.news_room import NewsRoom


async def test_a_payment_is_said_and_heard_at_once() -> None:
    room = NewsRoom()
    room.add("1")
    await room.pays("1")
    assert room.toast.text() == "Paid: USD 182.75, Order 1."
    assert room.heard == [News.PAID]
    assert room.timer.started == MOMENT_MS == 2_000
    await room.moment_over()
    assert room.heard == [News.PAID]
    assert room.timer.started is None, "an idle till wakes for nothing"


async def test_several_payments_within_a_moment_are_one_sentence_and_one_sound() -> None:
    room = NewsRoom()
    for number in "1234":
        room.add(number)
    await room.pays("1")
    for number in "234":
        room.clock.advance(60)
        await room.pays(number)
    assert room.toast.text() == "Paid: USD 182.75, Order 1."
    assert room.heard == [News.PAID]
    await room.moment_over()
    assert room.toast.text() == f"4 links were paid since {clock_time(START)}."
    assert room.heard == [News.PAID, News.PAID]
    room.toast_timer.run_out()
    assert not room.toast.is_showing, "one toast spoke for all of them"


async def test_once_the_toast_is_gone_the_next_payment_is_told_by_itself() -> None:
    room = NewsRoom()
    room.add("1")
    room.add("2")
    await room.pays("1")
    await room.moment_over()
    room.toast_timer.run_out()
    await room.pays("2", "64.00")
    assert room.toast.text() == "Paid: USD 64.00, Order 2."


async def test_the_most_serious_of_a_moment_is_heard() -> None:
    room = NewsRoom()
    for number in "1234":
        room.add(number)
    await room.pays("1")
    await room.pays("2")
    await room.becomes("3", LinkState.UNKNOWN, note=Note.AMOUNT_DIFFERS)
    await room.becomes("4", LinkState.DECLINED)
    await room.moment_over()
    assert room.heard == [News.PAID, News.NEEDS_CHECK]


async def test_declined_and_needs_check_make_no_toast() -> None:
    room = NewsRoom()
    room.add("1")
    await room.becomes("1", LinkState.DECLINED)
    await room.moment_over()
    await room.becomes("1", LinkState.UNKNOWN, note=Note.NOT_CONFIRMED)
    assert room.heard == [News.DECLINED, News.NEEDS_CHECK]
    assert not room.toast.is_showing


async def test_a_cancel_that_became_a_refund_is_heard() -> None:
    room = NewsRoom()
    room.add("1")
    room.watch.became_refund("1")
    room.watch.became_refund("of another till")
    await turns()
    assert room.heard == [News.BECAME_REFUND]


async def test_what_happened_before_the_start_is_counted_in_one_toast_without_a_sound() -> None:
    room = NewsRoom()
    for number in "123":
        room.add(number, minutes_ago=90)
    at = START - timedelta(minutes=31)
    await room.pays("2", paid_at=START - timedelta(minutes=5))
    assert room.toast.text() == "Paid: USD 182.75, Order 2."
    await room.moment_over()
    room.toast_timer.run_out()
    await room.pays("1", paid_at=at)
    await room.moment_over()
    await room.pays("3", paid_at=START)
    assert room.toast.text() == f"3 links were paid since {clock_time(at)}."
    assert room.heard == []


async def test_a_link_of_before_that_was_read_since_is_as_new_as_any() -> None:
    room = NewsRoom()
    room.add("1", minutes_ago=90)
    await room.becomes("1", LinkState.PENDING)
    await room.pays("1")
    assert room.heard == [News.PAID]


async def test_links_that_are_loaded_are_no_news() -> None:
    room = NewsRoom()
    room.add("1", LinkState.PAID)
    room.add("2", LinkState.UNKNOWN)
    await turns()
    assert not room.toast.is_showing
    assert room.heard == []


async def test_a_name_that_turns_the_text_around_is_made_harmless() -> None:
    room = NewsRoom()
    made = room.add("1")
    room.book.put(replace(made, reference="Order \u202e4501"))
    await room.pays("1")
    assert room.toast.text() == "Paid: USD 182.75, Order \\u202e4501."


async def test_after_the_end_nothing_is_told() -> None:
    room = NewsRoom()
    room.add("1")
    room.watch.end()
    await room.tasks.close()
    await room.pays("1")
    assert not room.toast.is_showing
    assert room.heard == []
    assert room.errors == []
