"""Every kind of timeline entry has an icon that exists, colours that exist, and a sentence."""

from __future__ import annotations

from datetime import timedelta

import pytest

from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.links import Note
from optty_desktop.till.settle_by_hand import Found
from optty_desktop.ui.assets import resource
from optty_desktop.ui.event_words import EVENT_LOOKS, event_words, timeline_words
from optty_desktop.ui.tokens import LIGHT
from tests.fakes import START


@pytest.mark.parametrize("kind", EventKind)
@pytest.mark.parametrize("actor", ["", "Cashier 1"])
def test_each_kind_has_its_words(kind: EventKind, actor: str) -> None:
    words = event_words(LinkEvent("T2-1", START, kind, actor))
    assert resource("icons", f"{words.icon}.svg").is_file()
    assert hasattr(LIGHT, words.ink)
    assert hasattr(LIGHT, words.tint)
    assert words.sentence[0].isupper()
    assert str(kind) not in words.sentence or "_" not in str(kind)


def test_the_sentences_differ() -> None:
    sentences = {event_words(LinkEvent("T2-1", START, kind)).sentence for kind in EventKind}
    assert len(sentences) == len(EVENT_LOOKS)


def test_the_pictured_entries() -> None:
    paid = LinkEvent("T2-1", START, EventKind.PAID, facts={"amount": "USD 64.00", "with": "card ending 4242"})
    assert (event_words(paid).sentence, event_words(paid).detail) == ("Paid USD 64.00", "Card ending 4242")
    unknown = LinkEvent("T2-1", START, EventKind.CREATE_UNKNOWN, facts={"request": "5F-20C7"})
    assert event_words(unknown).sentence == "No answer, outcome unknown"
    assert event_words(unknown).detail == "Request 5F-20C7 is kept"
    sent = LinkEvent("T2-1", START, EventKind.CREATE_SENT, "Cashier 2")
    assert event_words(sent).sentence == "Create sent by Cashier 2"


@pytest.mark.parametrize("found", Found)
def test_what_was_closed_by_hand_says_who_what_and_why(found: Found) -> None:
    facts = {"found": found.value, "reason": "Seen in the portal " + "x" * 101}
    words = event_words(LinkEvent("T2-1", START, EventKind.SETTLED_BY_HAND, "Cashier 1", facts))
    assert words.sentence == "Closed by hand by Cashier 1"
    seen, _, reason = words.detail.partition(". ")
    assert seen.startswith(("Link ", "Found "))
    assert reason == facts["reason"], "the reason is kept whole"


def test_a_host_that_nobody_here_confirmed_is_not_said_to_be() -> None:
    facts = {"host": "pay.corner.example"}
    by_settings = event_words(LinkEvent("T2-1", START, EventKind.HOST_CONFIRMED, facts=facts))
    assert (by_settings.sentence, by_settings.detail) == ("Host of the link allowed by the settings", facts["host"])
    by_hand = event_words(LinkEvent("T2-1", START, EventKind.HOST_CONFIRMED, "Sara", facts))
    assert by_hand.sentence == "Host of the link confirmed by Sara"


def test_a_finding_of_a_later_version_leaves_the_reason() -> None:
    facts = {"found": "vanished", "reason": "Seen\u202e"}
    event = LinkEvent("T2-1", START, EventKind.SETTLED_BY_HAND, facts=facts)
    assert (event_words(event).sentence, event_words(event).detail) == ("Closed by hand", "Seen\\u202e")


def test_facts_of_a_server_are_harmless() -> None:
    event = LinkEvent("T2-1", START, EventKind.STATE_UNCLEAR, facts={"word": "PAID\u202e\n<b>"})
    assert event_words(event).detail == "It said “PAID\\u202e <b>”"


def told(kinds: list[EventKind], note: Note | None = None) -> list[str]:
    """Sentences of a story told from its beginning, newest first."""
    entries = [
        LinkEvent("T2-1", START + timedelta(minutes=at), kind, "Cashier 1" if kind is EventKind.CREATE_SENT else "")
        for at, kind in enumerate(kinds)
    ]
    return [words.sentence for words in timeline_words(entries[::-1], note)]


def test_a_create_sent_again_is_no_second_link() -> None:
    sent, unknown = EventKind.CREATE_SENT, EventKind.CREATE_UNKNOWN
    assert told([sent, unknown]) == ["No answer, outcome unknown", "Create sent by Cashier 1"]
    assert told([sent, unknown, sent, unknown]) == [
        "No answer, outcome unknown",
        "Asked again by Cashier 1, same number",
        "No answer, outcome unknown",
        "Create sent by Cashier 1",
    ]
    assert told([sent, unknown, sent, unknown], Note.ADDRESS_LOST) == [
        "The link exists, its address is lost",
        "Asked again by Cashier 1, same number",
        "No answer, outcome unknown",
        "Create sent by Cashier 1",
    ]
    assert told([sent, unknown], Note.ADDRESS_LOST)[0] == "No answer, outcome unknown"
    again = LinkEvent("T2-1", START + timedelta(minutes=1), sent)
    first = LinkEvent("T2-1", START, unknown)
    assert timeline_words([again, first])[0].sentence == "Asked again, same number"
