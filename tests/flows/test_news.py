"""News through the shop's relay: the pretend Optty posts, a relay in another process keeps, the window shows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from optty_desktop.core.links import LinkState
from optty_desktop.relay.command import revoke
from optty_desktop.ui.theme import Look
from tests.flows.counter import Counter
from tests.flows.hours import Hours
from tests.flows.service import Service
from tests.hints.live_till import RelayProcess, paired
from tests.hints.till_end import FakePairings, pairing_of
from tests.promises import Promise
from tests.relay.room import SECRET, config_in
from tests.waiting import until


class Paired(Counter):
    """A counter whose till is paired with a relay, to which the pretend Optty posts."""

    relay: RelayProcess
    pairings: FakePairings


Open = Callable[[], AbstractAsyncContextManager[Paired]]


@pytest.fixture
def counter_with_relay(look: Look, service: Service, hours: Hours, tmp_path: Path) -> Open:
    """Start the relay and the program."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[Paired]:
        (facts,) = await asyncio.to_thread(lambda: asyncio.run(paired(tmp_path / "relay", 1)))
        relay = RelayProcess(tmp_path / "relay")
        await relay.start()
        url = f"http://127.0.0.1:{relay.port}"
        pairing = replace(pairing_of(facts, url), environment_id="sandbox")
        service.switches.flip({"webhook_url": f"{url}/h/corner-store/{SECRET}"})
        counter = Paired(look, service, hours, pairings=FakePairings(pairing))
        counter.relay = relay
        try:
            async with counter:
                await counter.sign_in()
                await until(lambda: counter.says("updatedLabel").startswith("Live status"))
                yield counter
        finally:
            await relay.kill()

    return begin


async def test_a_payment_is_told_and_shown_before_it_is_asked_for(counter_with_relay: Open) -> None:
    async with counter_with_relay() as counter:
        number = await counter.create()
        begun = time.perf_counter()
        counter.service.customer.pay(number)
        await counter.becomes(number, LinkState.PAID)
        assert time.perf_counter() - begun < 2
        assert counter.toast == "Paid: USD 182.75, Order 1054."


async def test_a_link_whose_order_was_not_named_is_followed_once_a_notice_names_it(counter_with_relay: Open) -> None:
    async with counter_with_relay() as counter:
        counter.service.switches.flip({"names_order_at_creation": False, "orders_name_link": True})
        number = await counter.create()
        assert counter.link(number).order_reference is None
        counter.service.customer.start(number)
        await counter.becomes(number, LinkState.IN_PROGRESS)
        assert counter.link(number).order_reference == f"HPP-{number}-1"
        counter.service.customer.decline(number)
        await counter.becomes(number, LinkState.DECLINED)
        counter.service.customer.pay(number)
        await until(lambda: counter.link(number).state is LinkState.PAID, 15)
        assert counter.link(number).order_reference == f"HPP-{number}-2"


async def test_a_payment_that_nothing_ties_to_its_link_asks_somebody_to_look(counter_with_relay: Open) -> None:
    async with counter_with_relay() as counter:
        counter.service.switches.flip({"names_order_at_creation": False})
        number = await counter.create()
        counter.service.customer.pay(number)
        await until(lambda: counter.link(number).note)
        assert counter.row_says(number) == "Pending"
        await counter.show(number)
        await until(lambda: "A payment was reported for this link" in counter.doubt())
        await until(counter.history)
        assert "Payment of USD 182.75 reported, Not confirmed for this link" in counter.history()[0]


async def test_a_till_that_is_not_paired_any_more_says_so_and_goes_on(counter_with_relay: Open, tmp_path: Path) -> None:
    async with counter_with_relay() as counter:
        number = await counter.create()
        till = counter.pairings.items["sandbox"].till
        await asyncio.to_thread(revoke, config_in(tmp_path / "relay"), till)
        begun = time.perf_counter()
        await until(lambda: counter.banner, 8)
        assert time.perf_counter() - begun < 5 + 1
        assert counter.banner.startswith("This till is not paired with the relay any more.")
        counter.service.switches.flip({"webhook_url": ""})
        counter.service.customer.pay(number)
        await counter.refresh()
        await counter.becomes(number, LinkState.PAID)
        counter.click("statusBannerButton")
        assert counter.banner == ""


def listening() -> set[int]:
    """The TCP ports on which this process waits for others; the pretend Optty of the test is in it too."""
    found = psutil.Process().net_connections(kind="tcp")
    return {one.laddr.port for one in found if one.status == psutil.CONN_LISTEN}


async def test_Y9_the_till_opens_no_port(counter_with_relay: Open, promise: Promise) -> None:
    seen: list[set[int]] = []
    async with counter_with_relay() as counter:
        own = {counter.service.port}
        seen.append(listening())
        number = await counter.create()
        seen.append(listening())
        counter.service.customer.pay(number)
        await counter.becomes(number, LinkState.PAID)
        await counter.show(number)
        seen.append(listening())
        await counter.relay.kill()
        await until(lambda: not counter.says("updatedLabel").startswith("Live status"))
        seen.append(listening())
        await counter.relay.start()
    seen.append(listening())
    promise("Y9", len(seen), [ports - own for ports in seen if ports - own], 0.0)
