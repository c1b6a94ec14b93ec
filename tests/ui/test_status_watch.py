"""What the window says about the connection, second by second, and about links that need checking."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.links import LinkState
from optty_desktop.core.network import Proxy, Trust, Way
from optty_desktop.till.line import Line, LineState
from optty_desktop.ui.banner import Cause
from optty_desktop.ui.times import clock_time
from tests.fakes import START, link
from tests.ui.stage import part, settle
from tests.ui.window_room import LIVE, TRAINING, Room


def header(room: Room) -> list[str]:
    return [one.text() for one in room.header.findChildren(QLabel) if one.isVisible()][2:]


def banner(room: Room) -> str:
    shown = room.window.banner
    return part(shown, QLabel, "statusBannerText").text() if shown.isVisible() else ""


def causes(room: Room) -> list[Cause | None]:
    return [room.window.banner.cause]


def asides(room: Room) -> list[str]:
    labels = [one for one in room.window.banner.findChildren(QLabel) if one.isVisible()]
    return [one.text() for one in labels if one.objectName() != "statusBannerText"]


@pytest.mark.parametrize(
    ("kind", "age", "words"),
    [
        (LIVE, 0, ["Live", "checked 0 s ago"]),
        (LIVE, 59, ["Live", "checked 59 s ago"]),
        (LIVE, 61, ["Live", "checked 1 min ago"]),
        (EnvironmentKind.SANDBOX, 3, ["Sandbox", "checked 3 s ago"]),
        (TRAINING, 3, ["Training", "no real payments"]),
    ],
)
def test_the_header_while_the_line_is_there(qtbot: QtBot, kind: EnvironmentKind, age: float, words: list[str]) -> None:
    room = Room(qtbot, kind)
    room.watch.line_changed(Line(LineState.ONLINE, room.clock.monotonic() - age))
    assert header(room) == words
    assert banner(room) == ""


def test_the_age_moves_by_itself(qtbot: QtBot) -> None:
    room = Room(qtbot)
    room.watch.line_changed(Line(LineState.ONLINE, room.clock.monotonic()))
    room.clock.advance(7)
    qtbot.waitUntil(lambda: header(room) == ["Live", "checked 7 s ago"])


def test_offline_says_since_when_counts_down_and_pauses_what_cannot_be_sent(qtbot: QtBot) -> None:
    room = Room(qtbot, links=[link()])
    room.page.ready.show_link(link())
    at = room.clock.monotonic()
    room.watch.line_changed(Line(LineState.OFFLINE, at - 60, at + 8))
    since = clock_time(START.replace(minute=35))
    assert room.watch.is_paused
    assert header(room) == ["Offline", f"last check {since}"]
    assert banner(room).startswith(f"No connection since {since}. Statuses may be out of date.")
    assert asides(room) == ["Next try in 8 s"]
    assert not part(room.window, QAbstractButton, "createLinkButton").isEnabled()
    assert not part(room.page.ready, QAbstractButton, "cancelLinkButton").isEnabled()
    room.clock.advance(3)
    qtbot.waitUntil(lambda: asides(room) == ["Next try in 5 s"])
    room.clock.advance(30)
    qtbot.waitUntil(lambda: asides(room) == ["Next try in 0 s"])
    room.watch.line_changed(Line(LineState.ONLINE, room.clock.monotonic()))
    assert banner(room) == ""
    assert not room.watch.is_paused
    assert part(room.window, QAbstractButton, "createLinkButton").isEnabled()
    assert part(room.page.ready, QAbstractButton, "cancelLinkButton").isEnabled()


def test_offline_from_the_start_and_without_a_plan_names_no_time(qtbot: QtBot) -> None:
    room = Room(qtbot)
    room.watch.line_changed(Line(LineState.OFFLINE, None, None))
    assert banner(room).startswith("No connection. Statuses may be out of date.")
    assert header(room) == ["Offline", ""]
    assert asides(room) == []


def test_a_busy_service_pauses_nothing(qtbot: QtBot) -> None:
    room = Room(qtbot)
    at = room.clock.monotonic()
    room.watch.line_changed(Line(LineState.BUSY, at, at + 4))
    assert header(room)[0] == "Not answering"
    assert banner(room) == "The payment service is not answering. Nothing was lost."
    assert not room.watch.is_paused
    assert part(room.window, QAbstractButton, "createLinkButton").isEnabled()


def test_while_a_link_that_needs_checking_is_open_only_its_card_says_what_to_do(qtbot: QtBot) -> None:
    unknown, pending = link("T2-1", LinkState.UNKNOWN), link("T2-2")
    room = Room(qtbot, links=[unknown, pending])
    for opened, words in (
        (unknown, "1 link needs checking."),
        (pending, "1 link needs checking. Do not send it again until it is clear."),
    ):
        room.page.detail.show_link(opened, ())
        room.page.show_detail(True)
        settle()
        assert banner(room) == words
    room.page.detail.show_link(unknown, ())
    room.page.show_detail(True)
    room.page.show_detail(False)
    settle()
    assert banner(room) == "1 link needs checking. Do not send it again until it is clear."


def test_links_that_need_checking_are_counted_also_those_that_were_there_before(qtbot: QtBot) -> None:
    unknown = link("T2-1", LinkState.UNKNOWN)
    room = Room(qtbot, links=[unknown, link("T2-2")])
    settle()
    assert banner(room) == "1 link needs checking. Do not send it again until it is clear."
    room.book.put(replace(link("T2-2"), state=LinkState.UNKNOWN))
    room.book.put_all([link("T2-3", LinkState.UNKNOWN), link("T2-4")])
    assert banner(room).startswith("3 links need checking.")
    assert room.watch.doubtful == {"T2-1", "T2-2", "T2-3"}
    for number in ("T2-1", "T2-2", "T2-3"):
        room.book.put(link(number, LinkState.PAID))
    assert banner(room) == ""
    assert room.watch.doubtful == frozenset()


def test_no_connection_is_more_serious_than_a_check(qtbot: QtBot) -> None:
    room = Room(qtbot, links=[link("T2-1", LinkState.UNKNOWN)])
    at = room.clock.monotonic()
    room.watch.line_changed(Line(LineState.OFFLINE, at, at + 4))
    assert causes(room) == [Cause.OFFLINE]
    room.watch.line_changed(Line(LineState.ONLINE, at))
    assert causes(room) == [Cause.NEEDS_CHECK]


def test_an_account_that_may_not_read_is_said_and_nothing_is_paused(qtbot: QtBot) -> None:
    room = Room(qtbot)
    now = room.clock.monotonic()
    room.watch.line_changed(Line(LineState.UNREADABLE, now - 120, now + 60))
    assert header(room)[0] == "Not read"
    assert "Links can still be made" in banner(room)
    assert part(room.window, QAbstractButton, "createLinkButton").isEnabled()


def test_a_silent_service_never_says_that_nothing_was_lost_while_a_link_is_in_doubt(qtbot: QtBot) -> None:
    room = Room(qtbot)
    now = room.clock.monotonic()
    room.watch.line_changed(Line(LineState.BUSY, now, now + 5))
    assert "Nothing was lost." in banner(room)
    room.book.put(link("T2-1", LinkState.UNKNOWN))
    room.watch.line_changed(Line(LineState.BUSY, now, now + 5))
    assert "Do not send anything again" in banner(room)
    assert "Nothing was lost" not in banner(room)


def tips(room: Room) -> set[str]:
    """What pointing at the connection tells, and what a screen reader says of it."""
    parts = (room.header._line_icon, room.header._line_word, room.header._line_age)
    assert {part.accessibleDescription() for part in parts} == {words_of(part.toolTip()) for part in parts}
    return {words_of(part.toolTip()) for part in parts}


def words_of(tooltip: str) -> str:
    lines = (line.removeprefix("<span>").removesuffix("</span>") for line in tooltip.split("<br>"))
    return html.unescape(" ".join(lines))


def test_the_connection_tells_how_it_is_made(qtbot: QtBot) -> None:
    room = Room(qtbot)
    assert tips(room) == {"Connected to api.optty.com. No proxy. Certificates: the list that comes with Payment Links."}
    room.way = Way(Proxy("http://proxy.shop:3128", "till", "s3cret"), Trust.SYSTEM, "<b>shop-ca.pem")
    room.watch.line_changed(Line(LineState.ONLINE, room.clock.monotonic()))
    assert tips(room) == {
        "Connected to api.optty.com. Through the proxy proxy.shop:3128. Certificates: the list of this computer. "
        "Also those in <b>shop-ca.pem."
    }
    assert "&lt;b&gt;" in room.header._line_word.toolTip()


def test_practice_leaves_nothing(qtbot: QtBot) -> None:
    assert tips(Room(qtbot, TRAINING)) == {"Practice runs on this computer. Nothing leaves it."}
