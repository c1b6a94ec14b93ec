"""What a timeline tells: each step once, with who and why."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.ui.detail_pane import DetailPane
from optty_desktop.ui.event_words import event_words
from optty_desktop.ui.timeline_entries import entries_to_tell
from optty_desktop.ui.timeline_view import TimelineView
from tests.fakes import START, FakeClock, link
from tests.ui.stage import make_look, settle

K = EventKind
Step = tuple[EventKind, str, dict[str, str]]
WHO = "Cashier 1"
REFUND = {"amount": "USD 64.00", "reason": "Goods came back"}


def story(*steps: Step) -> list[LinkEvent]:
    """Events of one link, newest first, told from the oldest on."""
    events = [
        LinkEvent("T2-1", START + timedelta(minutes=place), kind, actor, facts)
        for place, (kind, actor, facts) in enumerate(steps)
    ]
    return events[::-1]


def told(*steps: Step) -> list[tuple[str, str]]:
    """Sentences and details, newest first."""
    entries = [event_words(event) for event in entries_to_tell(story(*steps))]
    return [(entry.sentence, entry.detail) for entry in entries]


def test_a_created_link_says_so_once() -> None:
    assert told((K.CREATE_SENT, WHO, {}), (K.CREATED, WHO, {})) == [("Created by Cashier 1", "")]
    assert told((K.CREATE_SENT, WHO, {})) == [("Create sent by Cashier 1", "")]


def test_a_create_that_was_repeated_keeps_its_doubt() -> None:
    doubt: Step = (K.CREATE_UNKNOWN, "", {})
    steps: list[Step] = [(K.CREATE_SENT, WHO, {}), doubt, (K.CREATE_SENT, WHO, {}), (K.CREATED, WHO, {})]
    assert [one for one, _ in told(*steps)] == ["Created by Cashier 1", "No answer, outcome unknown"]


def test_a_cancelled_link() -> None:
    sent: Step = (K.CANCEL_SENT, WHO, {"amount": "USD 64.00", "reason": ""})
    assert told(sent, (K.CANCELLED, WHO, {})) == [("Cancelled by Cashier 1", "")]


def test_a_refund_keeps_who_and_why() -> None:
    sent, amount = (K.REFUND_SENT, WHO, REFUND), {"amount": "USD 64.00"}
    assert told(sent) == [("Refund sent by Cashier 1", "USD 64.00, Goods came back")]
    assert told(sent, (K.REFUNDED, "", amount)) == [("Refunded USD 64.00", "Cashier 1, Goods came back")]
    on_its_way = told(sent, (K.REFUND_ON_ITS_WAY, WHO, amount), (K.REFUNDED, "", amount))
    assert on_its_way == [
        ("Refunded USD 64.00", ""),
        ("Refund of USD 64.00 on its way", "Cashier 1, Goods came back"),
    ]
    assert told(sent, (K.REFUND_REFUSED, WHO, {})) == [("Refund not accepted", "Cashier 1, Goods came back")]


def test_two_refunds_keep_their_own_reasons() -> None:
    second = {"amount": "USD 5.00", "reason": "Too much"}
    told_of = told(
        (K.REFUND_SENT, WHO, REFUND),
        (K.REFUNDED, WHO, {"amount": "USD 64.00"}),
        (K.REFUND_SENT, "Cashier 2", second),
        (K.REFUNDED, "Cashier 2", {"amount": "USD 5.00"}),
    )
    assert told_of == [
        ("Refunded USD 5.00", "Cashier 2, Too much"),
        ("Refunded USD 64.00", "Cashier 1, Goods came back"),
    ]


def test_an_end_nobody_expected_leaves_the_beginning_to_be_read() -> None:
    for end in (K.CANCEL_BECAME_REFUND, K.CANCEL_UNKNOWN, K.CANCEL_DID_NOT_HAPPEN):
        assert told((K.CANCEL_SENT, WHO, {}), (end, WHO, {}))[-1][0] == "Cancel sent by Cashier 1"
    assert told((K.REFUND_SENT, WHO, REFUND), (K.REFUND_UNKNOWN, WHO, {}))[-1][0] == "Refund sent by Cashier 1"


@given(st.lists(st.sampled_from(list(K)), max_size=12))
def test_only_what_was_sent_is_ever_left_out_and_the_order_stays(kinds: list[EventKind]) -> None:
    events = story(*((kind, WHO, {}) for kind in kinds))
    entries = entries_to_tell(events)
    assert [one.at for one in entries] == sorted((one.at for one in entries), reverse=True)
    left_out = {one.at for one in events} - {one.at for one in entries}
    gone = {one.kind for one in events if one.at in left_out}
    assert gone <= {K.CREATE_SENT, K.CANCEL_SENT, K.REFUND_SENT}


def test_entries_that_come_later_have_their_room_at_once(qapp: QApplication) -> None:
    pane = DetailPane(make_look(), FakeClock(), refund_is_possible=True)
    pane.resize(324, 648)
    pane.show()
    first, second = link("T2-1"), link("T2-2")
    declined: Step = (K.PAYMENT_DECLINED, "", {})
    steps: list[Step] = [(K.CREATED, WHO, {}), (K.PAYMENT_STARTED, "", {}), declined, (K.EMAILED, "", {})]
    timeline = pane.findChild(TimelineView, "timelineView")
    assert timeline is not None
    pane.show_link(first, story(*steps[:2]))
    settle()
    for count in (4, 1, 3):
        pane.show_link(second, ())
        pane.update_link(second, story(*steps[:count]))
        assert len(timeline.sentences()) == count
        assert timeline.height() >= timeline.heightForWidth(timeline.width())
    pane.close()
