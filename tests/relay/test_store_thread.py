"""The relay's one thread: work that waits together shares a transaction, and each has its own end."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from optty_desktop.relay.problems import LeaseHeld, StoreUnavailable
from optty_desktop.relay.schema import FILE_NAME, meta, open_store, set_meta
from optty_desktop.relay.store_thread import StoreThread, Work


@asynccontextmanager
async def thread_in(folder: Path) -> AsyncIterator[StoreThread]:
    connection = open_store(folder, 2**30)
    thread = StoreThread(connection, folder / f"{FILE_NAME}-wal", lambda _: None)
    try:
        yield thread
    finally:
        await thread.close()


def put(name: str) -> Work[None]:
    return lambda connection: set_meta(connection, name, b"x")


def names_in(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM meta WHERE value = x'78'")}


def refused_after(name: str) -> Work[None]:
    """Write, then think better of it."""

    def work(connection: sqlite3.Connection) -> None:
        set_meta(connection, name, b"x")
        raise LeaseHeld(5)

    return work


def wrong_statement(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO nowhere VALUES (1)")


async def test_each_of_a_shared_transaction_has_its_own_end(tmp_path: Path) -> None:
    async with thread_in(tmp_path) as thread:
        begun, go_on = threading.Event(), threading.Event()

        def hold_up(_connection: sqlite3.Connection) -> None:
            begun.set()
            go_on.wait(5)

        hold = asyncio.ensure_future(thread.run_apart(hold_up))
        await asyncio.to_thread(begun.wait, 5)
        works = (put("first"), refused_after("second"), wrong_statement, put("third"))
        ends = [asyncio.ensure_future(thread.run(work)) for work in works]
        await asyncio.sleep(0)
        go_on.set()
        await hold
        found = await asyncio.gather(*ends, return_exceptions=True)
        assert [type(end) for end in found] == [type(None), LeaseHeld, StoreUnavailable, type(None)]
        assert names_in(tmp_path) == {"first", "third"}


async def test_what_was_handed_in_is_done_though_nobody_waits_any_more(tmp_path: Path) -> None:
    async with thread_in(tmp_path) as thread:
        waiting = asyncio.ensure_future(thread.run(put("left")))
        await asyncio.sleep(0)
        waiting.cancel()
    assert names_in(tmp_path) == {"left"}


async def test_after_the_end_nothing_is_taken(tmp_path: Path) -> None:
    async with thread_in(tmp_path) as thread:
        await thread.run(put("before"))
    with pytest.raises(StoreUnavailable, match="stopping"):
        await thread.run(put("after"))
    assert names_in(tmp_path) == {"before"}


def test_a_store_of_a_newer_program_is_left_as_it_is(tmp_path: Path) -> None:
    with closing(open_store(tmp_path, 2**30)) as connection:
        connection.execute("PRAGMA user_version = 2")
    with pytest.raises(StoreUnavailable, match="newer version"):
        open_store(tmp_path, 2**30)


def test_what_the_store_is_survives_opening_it_again(tmp_path: Path) -> None:
    found = []
    for _ in range(2):
        with closing(open_store(tmp_path, 2**30)) as connection:
            found.append((meta(connection, "key"), meta(connection, "epoch")))
    assert found[0] == found[1]
