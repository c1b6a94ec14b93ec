"""The list of a feed: a full second, deleted requests and large bodies hide nothing that comes behind them."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest

from optty_desktop.api.environments import SANDBOX
from optty_desktop.core.errors import OutcomeUnknown, Trouble
from optty_desktop.hints.webhook_list import PAGE_LENGTH
from optty_desktop.hints.webhook_site import MOST_PAGES, WebhookSite
from tests.hints.feed_room import Inbox, Room, body
from tests.hints.pretend_webhook_site import PretendWebhookSite


async def rounds(room: Room, count: int) -> list[int]:
    """Take ``count`` times; return how many calls each took."""
    calls = [len(room.site.calls)]
    for _ in range(count):
        await room.feed.take_new()
        calls.append(len(room.site.calls))
    return [after - before for before, after in pairwise(calls)]


@pytest.mark.parametrize("count", [PAGE_LENGTH - 1, PAGE_LENGTH, PAGE_LENGTH + 1, PAGE_LENGTH * MOST_PAGES + 7])
async def test_any_number_within_one_second_is_taken_once_and_what_comes_behind_too(count: int) -> None:
    async with Room() as room:
        names = [f"T2-{number}" for number in range(count)]
        for name in names:
            room.site.catch(body(name))
        await rounds(room, 3)
        assert room.inbox.numbers == names
        assert await rounds(room, 2) == [1, 1], "what is known is not asked for again and again"
        room.site.catch(body("SAME-SECOND"))
        room.site.catch(body("LATER"), "2026-03-21 14:06:36")
        await rounds(room, 2)
        assert room.inbox.numbers == [*names, "SAME-SECOND", "LATER"]


async def test_a_feed_that_begins_in_a_full_second_finds_its_place_in_it_before_it_takes_anything() -> None:
    async with Room() as room:
        names = [f"T2-{number}" for number in range(2 * PAGE_LENGTH * MOST_PAGES)]
        for name in names:
            room.site.catch(body(name))
        await rounds(room, 3)
        room.site.catch(body("NEW"))
        room.site.calls.clear()
        room.feed = room.at(replace(SANDBOX, webhook_site=room.site.address))
        assert max(await rounds(room, 3)) == MOST_PAGES, "a round stays within what webhook.site allows"
        assert room.inbox.numbers == [*names, "NEW"]


@pytest.mark.parametrize("deleted", [slice(0, 3), slice(90, 95), slice(0, 95), slice(0, 100)])
async def test_requests_that_somebody_deletes_hide_nothing(deleted: slice) -> None:
    async with Room() as room:
        for number in range(95):
            room.site.catch(body(f"T2-{number}"))
        await rounds(room, 2)
        del room.site.caught[deleted]
        await rounds(room, 1)
        room.site.catch(body("SAME-SECOND"))
        room.site.catch(body("LATER"), "2026-03-21 14:06:37")
        await rounds(room, 3)
        assert set(room.inbox.numbers) == {*(f"T2-{number}" for number in range(95)), "SAME-SECOND", "LATER"}
        assert room.inbox.numbers[-1] == "LATER"


async def test_large_bodies_that_make_a_page_too_large_are_read_in_smaller_ones() -> None:
    async with Room() as room:
        for second in range(10, 60):
            room.site.catch("x" * 25_000, f"2026-03-21 14:05:{second}")
        room.site.catch(body("GOOD"))
        await rounds(room, 1)
        assert room.inbox.numbers == ["GOOD"]
        assert await rounds(room, 1) == [1]


@pytest.mark.parametrize("before", [0, 1, 5, 70])
async def test_one_request_that_is_larger_than_an_answer_may_be_is_passed_over(before: int) -> None:
    async with Room() as room:
        names = [f"T2-{number}" for number in range(before)]
        for name in names:
            room.site.catch(body(name))
        room.site.catch("x" * 1_100_000)
        await rounds(room, 3)
        assert await rounds(room, 1) == [1]
        room.site.catch(body("SAME-SECOND"))
        room.site.catch(body("LATER"), "2026-03-21 14:06:37")
        await rounds(room, 2)
        assert room.inbox.numbers == [*names, "SAME-SECOND", "LATER"]
        assert room.troubles == []


async def test_one_request_that_is_not_as_documented_is_left_out() -> None:
    async with Room() as room:
        room.site.catch(body("T2-1"))
        room.site.catch(body("ODD"), "yesterday")
        room.site.catch(body("T2-2"), "2026-03-21 14:06:36")
        await rounds(room, 1)
        assert room.inbox.numbers == ["T2-1", "T2-2"]


class SmallAnswers:
    """Reads the pretend list directly; ``most`` bytes are the largest answer."""

    def __init__(self, site: PretendWebhookSite, most: int) -> None:
        self._site, self._most = site, most
        self.calls = 0

    async def __call__(self, url: str, *, template: str) -> dict[str, object]:
        self.calls += 1
        page = self._site.page({name: values[0] for name, values in parse_qs(urlsplit(url).query).items()})
        if len(json.dumps(page)) > self._most:
            raise OutcomeUnknown(Trouble.TOO_LARGE)
        return page


@pytest.mark.parametrize("seed", range(40))
async def test_whatever_comes_and_however_large_all_notices_are_taken_once_and_in_order(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  the same story in each run
    site, inbox = PretendWebhookSite(), Inbox()
    read = SmallAnswers(site, 40_000)
    environment = replace(SANDBOX, webhook_site=site.address)
    feed, second, names = WebhookSite(environment, inbox, read, lambda: 1.0, print), 0, list[str]()
    for _ in range(chance.randrange(1, 12)):
        for _ in range(chance.choice((0, 1, 3, 63, 64, 65, 150))):
            second += chance.random() < chance.choice((0.0, 0.1))
            at, kind = f"2026-03-21 14:{second // 60:02}:{second % 60:02}", chance.random()
            if kind < 0.9:
                names.append(f"T2-{len(names)}")
                site.catch(body(names[-1]), at)
            else:
                site.catch("x" * (chance.choice((10, 5_000, 50_000))), at)
        if chance.random() < 0.3:
            feed = WebhookSite(environment, inbox, read, lambda: 1.0, print)
        await feed.take_new()
    for _ in range(1000):
        if len(inbox.numbers) >= len(names):
            break
        await feed.take_new()
    assert inbox.numbers == names
    await feed.take_new()
    before = read.calls
    await feed.take_new()
    assert inbox.numbers == names
    assert read.calls - before <= MOST_PAGES
