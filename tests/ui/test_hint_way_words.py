"""The window says how news arrive, what each status is known from, and when the relay does not know the till."""

from __future__ import annotations

import html

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.hints import FeedTrouble
from optty_desktop.core.links import Evidence, Source
from optty_desktop.till.line import Line, LineState
from optty_desktop.ui.banner import Cause
from optty_desktop.ui.hint_way_words import feed_sentences, news_sentence
from optty_desktop.ui.link_columns import Column
from optty_desktop.ui.source_words import source_words
from tests.fakes import START, link
from tests.ui.stage import part
from tests.ui.window_room import Room


def show(room: Room, news: HintWay, age: float = 3.0) -> None:
    room.watch.line_changed(Line(LineState.ONLINE, room.clock.monotonic() - age, news=news))


def footer(room: Room) -> str:
    return part(room.page.links, QLabel, "updatedLabel").text()


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (0.0, "Live status, just now"),
        (3.0, "Live status, 3 s old"),
        (130.0, "Live status, 2 min old"),
        (7300.0, "Live status, 2 h old"),
    ],
)
def test_the_footer_says_that_status_is_live_and_how_old(qtbot: QtBot, age: float, words: str) -> None:
    room = Room(qtbot, links=[link()])
    show(room, HintWay.LIVE, age)
    assert footer(room) == words


def test_live_is_said_only_while_it_is_true(qtbot: QtBot) -> None:
    room = Room(qtbot, links=[link()])
    show(room, HintWay.LIVE)
    show(room, HintWay.AWAY)
    assert footer(room) == "Updated 3 s ago"
    room.watch.line_changed(Line(LineState.OFFLINE, room.clock.monotonic() - 3, news=HintWay.LIVE))
    assert footer(room).startswith("As of ")


@pytest.mark.parametrize("news", HintWay)
def test_the_header_tells_those_who_point_at_it_how_news_arrive(qtbot: QtBot, news: HintWay) -> None:
    room = Room(qtbot)
    show(room, news)
    label = part(room.header, QLabel, "connectionLabel")
    sentence = news_sentence(news)
    assert label.accessibleDescription().endswith(sentence)
    assert html.escape(sentence) in label.toolTip()


def test_a_till_that_is_not_paired_any_more_says_so_until_it_is_read_or_mended(qtbot: QtBot) -> None:
    room = Room(qtbot)
    show(room, HintWay.UNPAIRED)
    banner = room.window.banner
    assert banner.cause is Cause.UNPAIRED
    words = part(banner, QLabel, "statusBannerText").text()
    assert words.startswith("This till is not paired with the relay any more.")
    assert "manages this till" in words
    show(room, HintWay.UNPAIRED, age=9.0)
    show(room, HintWay.LIVE)
    assert banner.cause is None


@pytest.mark.parametrize("news", [HintWay.AWAY, HintWay.LOCKED])
def test_a_relay_that_is_only_away_changes_no_banner(qtbot: QtBot, news: HintWay) -> None:
    room = Room(qtbot)
    show(room, news)
    assert room.window.banner.cause is None
    show(room, HintWay.UNPAIRED)
    show(room, news)
    assert room.window.banner.cause is Cause.UNPAIRED


@pytest.mark.parametrize("source", Source)
def test_each_row_says_what_its_status_is_known_from_and_when(qtbot: QtBot, source: Source) -> None:
    room = Room(qtbot, links=[link(evidence=Evidence(source, START))])
    model = room.page.links.model
    model.set_since(None)
    words = source_words(room.book[0], room.clock.now())
    assert html.escape(words) in model.data(model.index(0, Column.STATUS), Qt.ItemDataRole.ToolTipRole)
    assert model.data(model.index(0, Column.AMOUNT), Qt.ItemDataRole.ToolTipRole) is None


@pytest.mark.parametrize("trouble", FeedTrouble)
def test_a_feed_that_gives_nothing_is_said_with_what_still_works_and_what_to_do(trouble: FeedTrouble) -> None:
    sentences = feed_sentences(trouble)
    assert "no notifications come from there" in sentences
    assert "Statuses are read as usual" in sentences
    assert sentences.endswith("Settings, Connection.")
