"""The relay as a process, and what an administrator does beside it: pair tills, shut one out, look, erase.

The administrator's commands work on the store itself, whether or not the relay runs; a running one notices within a
second.
"""

import asyncio
import contextlib
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TextIO, TypeVar

from optty_desktop import __version__
from optty_desktop.api.notifications import NotANotice, read_notice
from optty_desktop.relay import event_log, retention, tills
from optty_desktop.relay.app import RelayService
from optty_desktop.relay.audit_heads import last_head
from optty_desktop.relay.config import RelayConfig
from optty_desktop.relay.moments import stamp, utc_now, written
from optty_desktop.relay.problems import RelayProblem
from optty_desktop.relay.schema import open_store
from optty_desktop.relay.server import RelayServer, bound_socket
from optty_desktop.relay.store_thread import problem_of

T = TypeVar("T")


def serve(config: RelayConfig, log: TextIO, *, announce: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; for the main thread only. ``announce`` hears the address once it listens.

    Raises RelayProblem in one sentence when the address, the certificate or the store cannot be used.
    """
    event_log.start_log(log)
    asyncio.run(_serve(config, announce))


async def _serve(config: RelayConfig, announce: Callable[[str], None]) -> None:
    try:
        listener = bound_socket(config)
    except OSError as error:
        problem = f"The relay cannot listen on {config.host} port {config.port}: {error.strerror or error}."
        raise RelayProblem(problem) from error
    with listener:
        service = await RelayService.open(config)
        try:
            server = RelayServer(service.app, config, service.let_go)
            scheme = "https" if config.certificate else "http"
            host = f"[{config.host}]" if ":" in config.host else config.host
            announce(f"{scheme}://{host}:{listener.getsockname()[1]}")
            event_log.note("started", version=__version__, address=f"{host}:{listener.getsockname()[1]}")
            with _stopped_by_signals(server):
                async with asyncio.TaskGroup() as group:
                    group.create_task(service.keep_in_order())
                    await server.serve(sockets=[listener])
        finally:
            await service.close()
        event_log.note("stopped")


@contextlib.contextmanager
def _stopped_by_signals(server: RelayServer) -> Iterator[None]:
    kept = {name: signal.signal(name, lambda *_: server.stop()) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for name, handler in kept.items():
            signal.signal(name, handler)


def new_pairing_code(config: RelayConfig, shop_key: str, till_name: str) -> str:
    """Return a code that pairs a till of that name once. Raises RelayProblem."""
    if config.shop(shop_key) is None:
        known = ", ".join(shop.key for merchant in config.merchants.values() for shop in merchant.shops)
        raise RelayProblem(f"There is no shop {ascii(shop_key)[1:-1]} in the relay's file. It has {known}.")
    if not 1 <= len(till_name) <= 40 or not till_name.isprintable():
        raise RelayProblem("The name of a till has 1 to 40 characters.")
    now = stamp(utc_now())
    return _changed(config, lambda connection: tills.new_code(connection, shop_key, till_name, now))


def paired_tills(config: RelayConfig) -> list[str]:
    """Return one line for each till: id, shop, name, when it was paired, its newest audit head. Raises RelayProblem."""

    def look(connection: sqlite3.Connection) -> list[str]:
        lines = []
        for till in tills.all_tills(connection):
            head = last_head(connection, till.id)
            facts = (till.id, till.shop, till.name, written(till.paired_at), f"{head[0]} {head[1]}" if head else "-")
            lines.append("\t".join(facts))
        return lines

    return _changed(config, look)


def quarantine(config: RelayConfig) -> list[str]:
    """Return one line for each body that no till could use: when, for whom, why, its number. Raises RelayProblem.

    A number that no shop has wants a prefix in the relay's file.
    """

    def look(connection: sqlite3.Connection) -> list[str]:
        rows = connection.execute("SELECT received_at, merchant, reason, body FROM quarantine ORDER BY id")
        return ["\t".join((written(at), merchant, reason, _number_in(body))) for at, merchant, reason, body in rows]

    return _changed(config, look)


def _number_in(body: bytes) -> str:
    try:
        return read_notice(body).invoice_number or "-"
    except NotANotice:
        return "-"


def revoke(config: RelayConfig, till_id: str) -> str:
    """Shut a till out; return its name. Raises RelayProblem when there is none of this id."""
    till = _changed(config, lambda connection: tills.revoke(connection, till_id))
    if till is None:
        raise RelayProblem(f"There is no till {ascii(till_id)[1:-1]}.")
    return till.name


def erase(config: RelayConfig, invoice: str) -> int:
    """Erase every stored body about a link; return how many. Raises RelayProblem."""
    with _opened(config) as connection:
        count = _in_transaction(connection, lambda opened: retention.erase(opened, invoice))
        if not retention.overwrite_log(connection):
            raise RelayProblem(
                "The bodies are erased, but the store is in use, and its log still holds them. Try again."
            )
        return count


def _changed(config: RelayConfig, work: Callable[[sqlite3.Connection], T]) -> T:
    with _opened(config) as connection:
        return _in_transaction(connection, work)


@contextlib.contextmanager
def _opened(config: RelayConfig) -> Iterator[sqlite3.Connection]:
    try:
        with closing(open_store(config.data, config.limits.stored_bytes)) as connection:
            yield connection
    except (sqlite3.Error, OSError) as error:
        raise problem_of(error) from error


def _in_transaction(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = work(connection)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return result
