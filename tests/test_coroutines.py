"""The coroutine runner and the guards fail what they must fail: everything else here relies on them."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.coroutines import blocking, plain_loop
from tests.guards import NetworkGuard, is_this_computer
from tests.waiting import until


def test_a_coroutine_test_may_fail() -> None:
    async def wrong() -> None:
        await asyncio.sleep(0)
        raise LookupError("seen")

    with pytest.raises(LookupError, match="seen"):
        blocking(wrong, 5, plain_loop)()


def test_a_task_that_died_unseen_fails_the_test() -> None:
    async def die() -> None:
        raise LookupError("unseen")

    async def careless() -> None:
        task = asyncio.get_running_loop().create_task(die())
        await asyncio.sleep(0.001)
        assert task.done()

    with pytest.raises(AssertionError, match="nobody looked") as caught:
        blocking(careless, 5, plain_loop)()
    assert isinstance(caught.value.__cause__, LookupError)


def test_a_task_in_a_circle_does_not_hide_its_failure() -> None:
    kept: list[object] = []

    async def die() -> None:
        kept.append(asyncio.current_task())
        raise LookupError("unseen")

    async def careless() -> None:
        asyncio.get_running_loop().create_task(die())
        await until(lambda: kept)

    with pytest.raises(AssertionError, match="nobody looked"):
        blocking(careless, 5, plain_loop)()


def test_a_coroutine_test_that_hangs_is_ended() -> None:
    async def hang() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(AssertionError, match=r"within 0\.02 seconds"):
        blocking(hang, 0.02, plain_loop)()


def test_a_time_limit_of_the_test_itself_stays_its_own() -> None:
    async def own_limit() -> None:
        async with asyncio.timeout(0.001):
            await asyncio.get_running_loop().create_future()

    with pytest.raises(TimeoutError):
        blocking(own_limit, 5, plain_loop)()


async def test_until_returns_what_came() -> None:
    found: list[str] = []
    asyncio.get_running_loop().call_later(0.01, found.append, "paid")
    assert await until(lambda: found) == ["paid"]


async def test_until_gives_up() -> None:
    with pytest.raises(AssertionError, match=r"0\.02 seconds"):
        await until(lambda: False, limit=0.02)


SEEN: list[int] = []


@given(st.integers())
async def test_examples_run_on_a_loop(number: int) -> None:
    await asyncio.sleep(0)
    SEEN.append(number)


def test_examples_did_run() -> None:
    assert SEEN


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "::1", "localhost", b"127.0.0.1", None])
def test_this_computer_is_let_through(host: object) -> None:
    assert is_this_computer(host)


@pytest.mark.parametrize("host", ["192.0.2.1", "example.com", "localhost.example.com", b"example.com", "::2"])
def test_other_computers_are_not(host: object) -> None:
    assert not is_this_computer(host)


def test_another_computer_is_refused_and_remembered(network: NetworkGuard) -> None:
    with pytest.raises(PermissionError, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    assert network.refused == ["192.0.2.1"]
    network.refused.clear()


async def test_a_name_is_not_even_looked_up(network: NetworkGuard) -> None:
    with pytest.raises(PermissionError):
        await asyncio.open_connection("example.com", 80)
    assert network.refused == ["example.com"]
    network.refused.clear()


def test_the_home_folder_is_the_tests_own(home: Path) -> None:
    assert Path.home() == home
    assert Path(os.environ["XDG_DATA_HOME"]).is_relative_to(home)
    assert list(home.iterdir()) == [home / "run"]
