"""What is copied for support tells everything but who the customer is."""

from __future__ import annotations

from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import Evidence, Note, Source
from optty_desktop.ui.support_details import support_details
from tests.fakes import START
from tests.ui.money_links import unknown_link


def test_numbers_times_states_and_request_but_no_contact() -> None:
    link = unknown_link(Note.NOT_CONFIRMED, evidence=Evidence(Source.ORDER_READ, START, "WAITING_3DS"))
    events = [
        LinkEvent("T2-1051", START, EventKind.CREATE_UNKNOWN, "Cashier 2", {"request": "5F-20C7", "reason": "Ann"})
    ]
    text = support_details(link, events)
    for wanted in (
        "T2-1051",
        "HPP-T2-1051",
        "2026-03-21T14:36:00Z",
        "unknown",
        "not_confirmed",
        "WAITING_3DS",
        "5F-20C7",
    ):
        assert wanted in text
    for unwanted in (link.email, link.phone, link.url or "-", link.description, "Cashier 2", "Ann"):
        assert unwanted not in text
