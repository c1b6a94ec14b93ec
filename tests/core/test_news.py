"""Which changes of a link are news, and which one speaks for several."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optty_desktop.core.links import Evidence, LinkState, Note, PaymentLink, Source
from optty_desktop.core.news import News, holds, most_serious, news_of
from optty_desktop.core.sound_choice import SoundChoice
from tests.fakes import START, link

OPEN = link()
SENDING = link(state=LinkState.UNKNOWN, note=Note.SENDING)
PAID = link(state=LinkState.PAID)
DECLINED = link(state=LinkState.DECLINED)
LOST = link(state=LinkState.UNKNOWN, note=Note.NOT_CONFIRMED)


@pytest.mark.parametrize(
    ("before", "after", "news"),
    [
        (OPEN, PAID, News.PAID),
        (LOST, PAID, News.PAID),
        (link(state=LinkState.CANCELLED), PAID, News.PAID),
        (OPEN, DECLINED, News.DECLINED),
        (DECLINED, replace(DECLINED, note=Note.OVERDUE), None),
        (SENDING, LOST, News.NEEDS_CHECK),
        (PAID, replace(PAID, state=LinkState.UNKNOWN, note=Note.REFUND_NOT_CONFIRMED), News.NEEDS_CHECK),
        (LOST, replace(LOST, note=Note.AMOUNT_DIFFERS), None),
        (SENDING, OPEN, None),
        (OPEN, link(state=LinkState.IN_PROGRESS), None),
        (PAID, link(state=LinkState.REFUNDED), None),
        (replace(PAID, state=LinkState.UNKNOWN, note=Note.REFUND_NOT_CONFIRMED), PAID, None),
        (link(state=LinkState.REFUNDED), PAID, None),
    ],
)
def test_what_is_news(before: PaymentLink, after: PaymentLink, news: News | None) -> None:
    assert news_of(before, after) is news


def test_what_somebody_did_by_hand_is_no_news_to_them() -> None:
    by_hand = Evidence(Source.BY_HAND, START)
    assert news_of(LOST, replace(PAID, evidence=by_hand)) is None


@pytest.mark.parametrize(
    ("news", "so", "no_more"),
    [
        (News.PAID, PAID, (link(state=LinkState.REFUNDED), LOST)),
        (News.DECLINED, DECLINED, (OPEN, PAID)),
        (News.NEEDS_CHECK, LOST, (OPEN, PAID, SENDING)),
    ],
)
def test_news_hold_while_the_link_is_shown_so(news: News, so: PaymentLink, no_more: tuple[PaymentLink, ...]) -> None:
    assert holds(news, so)
    assert not any(holds(news, after) for after in no_more)


def test_what_a_cancel_has_become_stays_told() -> None:
    assert all(holds(News.BECAME_REFUND, after) for after in (OPEN, PAID, LOST, link(state=LinkState.REFUNDED)))


def test_the_most_serious_speaks_for_all() -> None:
    assert most_serious([News.PAID, News.NEEDS_CHECK, News.DECLINED]) is News.NEEDS_CHECK
    assert most_serious([News.BECAME_REFUND, News.NEEDS_CHECK]) is News.BECAME_REFUND
    assert most_serious([]) is None


@pytest.mark.parametrize(("is_on", "volume", "is_silent"), [(True, 1, False), (True, 0, True), (False, 100, True)])
def test_silence_is_a_switch_or_no_volume(is_on: bool, volume: int, is_silent: bool) -> None:
    assert SoundChoice(is_on, volume).is_silent is is_silent


@pytest.mark.parametrize("volume", [-1, 101])
def test_a_volume_outside_the_scale_is_none(volume: int) -> None:
    with pytest.raises(ValueError, match="volume"):
        SoundChoice(volume=volume)
