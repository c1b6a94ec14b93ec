"""The feed of a sandbox: what is new becomes hints once, together with the place; no failure ends it."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import suppress
from dataclasses import replace

import pytest

from optty_desktop.api.environments import LIVE, SANDBOX
from optty_desktop.core.errors import DiskFull, NotFound, OutcomeUnknown, TooManyRequests, Trouble
from optty_desktop.core.hints import FeedTrouble, HintSource
from optty_desktop.core.profile_rules import RuleBroken
from optty_desktop.hints.webhook_list import PAGE_LENGTH
from optty_desktop.hints.webhook_site import FAILURES_TO_TELL, LONGEST_PAUSE, MOST_PAGES, POLL_SECONDS, WebhookSite
from tests.api.raw_server import reply
from tests.hints.feed_room import Inbox, Room, body
from tests.hints.pretend_webhook_site import PretendWebhookSite
from tests.promises import Promise
from tests.waiting import until


async def test_what_was_caught_becomes_hints_in_order_and_only_once() -> None:
    async with Room() as room:
        room.site.catch(body("T2-1"))
        room.site.catch(None)
        room.site.catch("no notice")
        room.site.catch(body("T2-2"), "2026-03-21 14:06:36")
        await room.feed.take_new()
        await room.feed.take_new()
        assert room.inbox.numbers == ["T2-1", "T2-2"]
        first = room.inbox.hints[0]
        assert (first.source, first.received_at.isoformat()) == (
            HintSource.WEBHOOK_SITE,
            "2026-03-21T14:06:35+00:00",
        )


async def test_later_ones_of_the_same_second_are_not_missed() -> None:
    async with Room() as room:
        room.site.catch(body("T2-1"))
        await room.feed.take_new()
        room.site.catch(body("T2-2"))
        room.site.catch(body("T2-3"), "2026-03-21 14:06:37")
        await room.feed.take_new()
        assert room.inbox.numbers == ["T2-1", "T2-2", "T2-3"]
        assert room.site.calls[-1]["date_from"] == "2026-03-21 14:06:35"


async def test_the_place_outlives_the_feed_and_belongs_to_its_address() -> None:
    async with Room() as room:
        room.site.catch(body("T2-1"))
        await room.feed.take_new()
        await room.at(replace(SANDBOX, webhook_site=room.site.address)).take_new()
        assert room.inbox.numbers == ["T2-1"]
        room.site.token = str(uuid.UUID(int=7))
        await room.at(replace(SANDBOX, webhook_site=f"https://webhook.site/{room.site.token}")).take_new()
        assert room.inbox.numbers == ["T2-1", "T2-1"]


async def test_a_long_list_is_taken_page_by_page_and_the_rest_with_the_next_round() -> None:
    count = PAGE_LENGTH * MOST_PAGES + 7
    async with Room() as room:
        for number in range(count):
            room.site.catch(body(f"T2-{number}"), f"2026-03-21 14:{number // 60:02}:{number % 60:02}")
        await room.feed.take_new()
        assert len(room.site.calls) == MOST_PAGES
        assert len(room.inbox.hints) == PAGE_LENGTH * MOST_PAGES
        await room.feed.take_new()
        assert room.inbox.numbers == [f"T2-{number}" for number in range(count)]


async def test_a_feed_whose_answers_cannot_be_used_says_so_once_until_it_works_again() -> None:
    async with Room() as room:
        unusable = [reply(200, b"<html>")] * (FAILURES_TO_TELL + 2)
        room.site.answers = [*unusable, reply(200, b'{"data": [], "total": 0, "is_last_page": true}'), *unusable]
        room.site.catch(body("T2-1"))
        running = asyncio.ensure_future(room.feed.run())
        await until(lambda: room.inbox.numbers == ["T2-1"])
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        assert room.troubles == [FeedTrouble.UNUSABLE, FeedTrouble.UNUSABLE]


async def test_what_could_not_be_kept_is_offered_again() -> None:
    async with Room() as room:
        room.site.catch(body("T2-1"))
        room.inbox.trouble = DiskFull()
        for number in range(2, 2 * PAGE_LENGTH):
            room.site.catch(body(f"T2-{number}"))
        with pytest.raises(DiskFull):
            await room.feed.take_new()
        room.inbox.trouble = None
        await room.feed.take_new()
        assert room.inbox.numbers == [f"T2-{number}" for number in range(1, 2 * PAGE_LENGTH)]


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>", b"[]", b"{}", b'{"data": [], "is_last_page": 1}', b'{"data": {}, "is_last_page": true}',
        b'{"data": [7], "total": 1, "is_last_page": true}', b'{"data": [], "is_last_page": true}',
        b'{"data": [{"uuid": "x"}], "total": 1, "is_last_page": true}',
        b'{"data": [], "data": [], "is_last_page": true}',
        b'{"data": [{"uuid": "00000000-0000-0000-0000-000000000001", "created_at": "today"}], "total": 1,'
        b'"is_last_page": true}',
    ],
)  # fmt: skip
async def test_an_answer_that_is_not_as_documented_takes_nothing(answer: bytes) -> None:
    async with Room() as room:
        room.site.answers = [reply(200, answer)]
        with pytest.raises(OutcomeUnknown):
            await room.feed.take_new()
        assert (room.inbox.hints, room.inbox.places) == ([], {})


async def test_it_goes_on_after_any_failure_and_says_once_that_the_address_is_refused() -> None:
    async with Room() as room:
        room.site.answers = [reply(500), reply(429, retry_after="1"), reply(200, b"<html>"), reply(404), reply(410)]
        room.site.catch(body("T2-1"))
        running = asyncio.ensure_future(room.feed.run())
        await until(lambda: room.inbox.numbers == ["T2-1"])
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        assert room.troubles == [FeedTrouble.REFUSED]


def test_the_pause_grows_and_a_wish_of_the_server_is_heeded() -> None:
    address, troubles = PretendWebhookSite().address, list[FeedTrouble]()
    feed = WebhookSite(replace(SANDBOX, webhook_site=address), Inbox(), _nothing, lambda: 1.0, troubles.append)
    pauses = [feed.pause_after(OutcomeUnknown(Trouble.SERVER)) for _ in range(8)]
    assert pauses == [10, 20, 40, 80, 160, 300, 300, 300]
    assert feed.pause_after(TooManyRequests(429, retry_after=600.0)) == 600
    assert feed.pause_after(NotFound(404)) == LONGEST_PAUSE
    assert troubles == [FeedTrouble.UNUSABLE, FeedTrouble.REFUSED], "each is told once"
    assert 60 / POLL_SECONDS <= 120


def test_s9_a_feed_for_anything_but_a_sandbox_is_not_even_made(promise: Promise) -> None:
    address = PretendWebhookSite().address
    for environment in (LIVE, replace(SANDBOX, id="shop", kind=LIVE.kind)):
        with pytest.raises(RuleBroken, match="sandbox only"):
            WebhookSite(replace(environment, webhook_site=address), Inbox(), _nothing, lambda: 1.0, print)
    promise("S9", 2, 0, 0.0)


async def _nothing(url: str, *, template: str) -> dict[str, object]:
    raise AssertionError(url, template)
