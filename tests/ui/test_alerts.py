"""What the desktop tells people who look elsewhere, and that it is over when they look here."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QWidget

from optty_desktop.core.links import LinkState, Note
from optty_desktop.core.ports import Shown
from optty_desktop.ui.news_words import public_reference
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.times import clock_time
from optty_desktop.ui.tray import Tray
from tests.fakes import START, FakeNotifier, link
from tests.ui.desk_room import turns
from tests.ui.news_room import NewsRoom
from tests.waiting import until

NUMBER = "T2-01KGC3Q8ZV-7R2M0W5TYHJX9D4"


async def test_who_looks_at_the_window_is_not_told_twice() -> None:
    room = NewsRoom()
    await room.look()
    room.add("1")
    await room.pays("1")
    assert room.desktop.told == room.desktop.count == 0


async def test_a_payment_is_told_with_amount_and_order_under_the_title_of_the_window() -> None:
    room = NewsRoom()
    room.add("1")
    await room.pays("1")
    assert room.desktop.notification == ("Payment Links — Corner Store — TRAINING", "Paid: USD 182.75, Order 1")
    assert room.desktop.count == 1


async def test_what_was_not_seen_is_told_together() -> None:
    room = NewsRoom()
    for number in "123":
        room.add(number)
    await room.pays("1")
    await room.pays("2")
    await room.becomes("3", LinkState.UNKNOWN, note=Note.NOT_CONFIRMED)
    await room.moment_over()
    assert room.desktop.lines == [
        "Needs check: USD 182.75, Order 3. Do not send it again until it is clear",
        f"2 links were paid since {clock_time(START)}.",
    ]
    assert (room.desktop.count, room.desktop.told) == (2, 2)


async def test_a_cancel_that_became_a_refund_comes_first() -> None:
    room = NewsRoom()
    for number in "1234":
        room.add(number)
    await room.pays("1")
    room.watch.became_refund("2")
    await room.moment_over()
    assert room.desktop.lines == ["Your cancel became a refund: USD 182.75, Order 2", "Paid: USD 182.75, Order 1"]
    for number in "34":
        await room.becomes(number, LinkState.UNKNOWN, note=Note.NOT_CONFIRMED)
    room.watch.became_refund("1")
    await room.moment_over()
    assert room.desktop.lines[:2] == [
        "2 cancels became refunds",
        "2 links need checking. Do not send them again until they are clear",
    ]


async def test_what_is_not_so_any_more_is_not_told_again() -> None:
    room = NewsRoom()
    room.add("1")
    room.add("2")
    await room.becomes("1", LinkState.UNKNOWN, note=Note.NOT_CONFIRMED)
    await room.moment_over()
    assert room.desktop.lines == ["Needs check: USD 182.75, Order 1. Do not send it again until it is clear"]
    await room.becomes("1", LinkState.PENDING, note=None)
    assert room.desktop.notification is None, "nothing needs a check now"
    await room.pays("1")
    await room.moment_over()
    assert room.desktop.lines == ["Paid: USD 182.75, Order 1"]
    await room.becomes("1", LinkState.REFUNDED)
    await room.pays("2")
    await room.moment_over()
    assert room.desktop.lines == ["Paid: USD 182.75, Order 2"]
    assert room.desktop.count == 1


async def test_the_number_on_the_window_counts_what_is_paid_now() -> None:
    room = NewsRoom()
    for number in "12":
        room.add(number)
        await room.pays(number)
    await room.moment_over()
    assert room.desktop.count == 2
    await room.becomes("2", LinkState.REFUNDED)
    assert (room.desktop.count, room.desktop.told) == (1, 2), "nobody is called for that"


async def test_what_changes_within_a_moment_is_told_as_it_is_after_it() -> None:
    room = NewsRoom()
    room.add("1")
    room.add("2")
    await room.pays("2")
    await room.becomes("1", LinkState.UNKNOWN, note=Note.NOT_CONFIRMED)
    await room.pays("1", note=None)
    await room.moment_over()
    assert room.desktop.lines == [f"2 links were paid since {clock_time(START)}."]


async def test_what_needs_a_check_again_is_one_link() -> None:
    room = NewsRoom()
    room.add("1")
    room.add("2")
    await room.pays("2")
    for _ in range(2):
        await room.becomes("1", LinkState.PENDING, note=None)
        await room.becomes("1", LinkState.UNKNOWN, note=Note.NOT_CONFIRMED)
        await room.moment_over()
    assert room.desktop.lines == [
        "Needs check: USD 182.75, Order 1. Do not send it again until it is clear",
        "Paid: USD 182.75, Order 2",
    ]


async def test_a_declined_payment_can_wait() -> None:
    room = NewsRoom()
    room.add("1")
    await room.becomes("1", LinkState.DECLINED)
    assert room.desktop.told == 0


async def test_looking_at_the_window_clears_it_away() -> None:
    room = NewsRoom()
    room.add("1")
    room.add("2")
    await room.pays("1")
    await room.look()
    assert room.desktop.notification is None
    assert room.desktop.count == 0
    await room.look_away()
    await room.pays("2")
    await room.moment_over()
    assert room.desktop.lines == ["Paid: USD 182.75, Order 2"]
    assert room.desktop.count == 1


async def test_an_answer_to_the_notification_leads_to_the_link_told_of_last() -> None:
    room = NewsRoom()
    room.add("1")
    room.add("2")
    await room.pays("1")
    await room.pays("2")
    await room.moment_over()
    room.desktop.clicked.emit()
    await turns()
    assert room.opened == ["2"]


async def test_the_end_leaves_nothing_on_the_desktop() -> None:
    room = NewsRoom()
    room.add("1")
    await room.pays("1")
    room.watch.end()
    assert room.desktop.notification is None
    assert room.desktop.count == 0


@pytest.mark.parametrize(
    ("reference", "shown"),
    [
        ("Order 1054", "Order 1054"),
        ("guest54@example.com", "T2 · HJX9D4"),
        ("call +1 (202) 555-0154", "T2 · HJX9D4"),
        ("202 555 0154 cake", "T2 · HJX9D4"),
        ("Order 5550154", "T2 · HJX9D4"),
        ("Order 20260321", "Order 20260321"),
    ],
)
def test_a_reference_with_a_contact_in_it_is_kept_back(reference: str, shown: str) -> None:
    assert public_reference(link(NUMBER, reference=reference, phone="+12025550154")) == shown


def test_a_link_without_a_phone_keeps_its_reference() -> None:
    assert public_reference(link(NUMBER, reference="Order 1054", phone="")) == "Order 1054"


class TrayRoom:
    """The real tray of a window, on a desktop without a place for icons."""

    def __init__(self, notifier: FakeNotifier | None) -> None:
        self.window, self.errors, self.clicks = QWidget(), list[BaseException](), list[str]()
        self.tray = Tray(QIcon, self.window, TaskRunner(self.errors.append), notifier)
        self.tray.clicked.connect(lambda: self.clicks.append("clicked"))


async def test_a_notification_stays_until_it_is_pressed() -> None:
    notifier = FakeNotifier()
    room = TrayRoom(notifier)
    room.tray.tell("Payment Links", "Paid: USD 182.75, Order 1054")
    await until(lambda: notifier.shown)
    assert notifier.shown == ("Payment Links", "Paid: USD 182.75, Order 1054", "Show it")
    notifier.press()
    await until(lambda: room.clicks)
    assert notifier.shown is None


async def test_one_that_goes_by_itself_is_no_press() -> None:
    notifier = FakeNotifier()
    room = TrayRoom(notifier)
    room.tray.tell("Payment Links", "One")
    await until(lambda: notifier.shown)
    notifier.press(Shown.GONE)
    await until(lambda: notifier.shown is None)
    await turns()
    assert room.clicks == []


async def test_a_newer_one_takes_the_place_of_the_older_and_looking_takes_it_back() -> None:
    notifier = FakeNotifier()
    room = TrayRoom(notifier)
    room.tray.tell("Payment Links", "One")
    await until(lambda: notifier.shown)
    room.tray.tell("Payment Links", "Two")
    await until(lambda: notifier.shown == ("Payment Links", "Two", "Show it"))
    room.tray.set_count(2)
    room.tray.clear()
    await until(lambda: notifier.shown is None)
    assert room.errors == []


@pytest.mark.parametrize("notifier", [None, FakeNotifier(is_there=False)])
async def test_a_desktop_that_shows_nothing_is_no_trouble(notifier: FakeNotifier | None) -> None:
    room = TrayRoom(notifier)
    room.tray.tell("Payment Links", "Paid: USD 182.75, Order 1054")
    await turns()
    room.tray.clear()
    assert room.tray.children() == [], "the offscreen desktop has no place for icons"
    assert room.errors == []
