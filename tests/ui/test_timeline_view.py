"""The timeline: what it says, how high it is, and that it paints in both directions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import Note
from optty_desktop.ui.timeline_view import TimelineView
from optty_desktop.ui.tokens import LIGHT
from tests.fakes import START
from tests.ui.money_links import dressed

PAID = LinkEvent("T2-1", START, EventKind.PAID, facts={"amount": "USD 64.00", "with": "card ending 4242"})
CREATED = LinkEvent("T2-1", START - timedelta(days=1), EventKind.CREATED, "Cashier 1")


def test_newest_on_top_in_words(qapp: QApplication) -> None:
    view = TimelineView(dressed(qapp))
    view.show_events([PAID, CREATED], START)
    newest, oldest = view.sentences()
    assert newest.endswith(", Paid USD 64.00, Card ending 4242")
    assert oldest.startswith("20 Mar, ")
    assert view.accessibleDescription() == f"{newest}\n{oldest}"


def test_a_link_whose_address_is_lost_says_so_at_its_repeated_create(qapp: QApplication) -> None:
    view = TimelineView(dressed(qapp))
    kinds = [EventKind.CREATE_SENT, EventKind.CREATE_UNKNOWN] * 2
    events = [LinkEvent("T2-1", START + timedelta(minutes=at), kind) for at, kind in enumerate(kinds)][::-1]
    view.show_events(events, START)
    assert view.sentences()[0].endswith("No answer, outcome unknown")
    view.show_events(events, START, Note.ADDRESS_LOST)
    assert view.sentences()[0].endswith("The link exists, its address is lost")


def test_height_grows_with_entries_and_with_wrapping(qapp: QApplication) -> None:
    view = TimelineView(dressed(qapp))
    heights = []
    for count in range(4):
        view.show_events([PAID] * count, START)
        heights.append(view.heightForWidth(292))
    assert heights == sorted(set(heights))
    assert heights[0] == 0
    by_somebody = LinkEvent("T2-1", START, EventKind.CREATED, "Somebody with a very long name at the till")
    view.show_events([by_somebody], START)
    assert view.heightForWidth(292) > heights[1] - 20
    assert view.heightForWidth(150) > view.heightForWidth(600)


@pytest.mark.parametrize("rtl", [False, True])
def test_circle_and_line_are_painted_at_the_leading_edge(qapp: QApplication, rtl: bool) -> None:
    view = TimelineView(dressed(qapp))
    if rtl:
        view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    view.show_events([PAID, PAID], START)
    view.resize(292, view.heightForWidth(292))
    image = view.grab().toImage()
    middle = 292 - 12 if rtl else 12
    assert image.pixelColor(middle, 2) == QColor(LIGHT.success_tint)
    assert image.pixelColor(middle, 30) == QColor(LIGHT.divider)
    assert image.pixelColor(292 - middle, 30) != QColor(LIGHT.divider)
