"""The relay as a process, and what an administrator does beside it: pair tills, shut one out, look, erase.

The administrator's commands work on what is kept itself, whether or not the relay runs; a running one notices within
a second.
"""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator
from typing import TextIO

from optty_desktop import __version__
from optty_desktop.api.notifications import NotANotice, read_notice
from optty_desktop.relay import event_log
from optty_desktop.relay.app import RelayService
from optty_desktop.relay.config import RelayConfig
from optty_desktop.relay.engine import Office
from optty_desktop.relay.moments import stamp, utc_now, written
from optty_desktop.relay.problems import RelayProblem, needing_nats
from optty_desktop.relay.server import RelayServer, bound_socket
from optty_desktop.relay.store_office import StoreOffice


def serve(config: RelayConfig, log: TextIO, *, announce: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; for the main thread only. ``announce`` hears the address once it listens.

    Raises RelayProblem in one sentence when the address, the certificate or the store cannot be used.
    """
    with event_log.writing_to(log):
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
    return office_of(config).new_code(shop_key, till_name, stamp(utc_now()))


def office_of(config: RelayConfig) -> Office:
    """Return where an administrator works on what this relay keeps. Raises RelayProblem."""
    if config.jetstream is None:
        return StoreOffice(config)
    with needing_nats():
        from optty_desktop.relay.jetstream.office import JetStreamOffice
    return JetStreamOffice(config)


def paired_tills(config: RelayConfig) -> list[str]:
    """Return one line for each till: id, shop, name, when it was paired, its newest audit head. Raises RelayProblem."""
    lines = []
    for paired in office_of(config).tills():
        till, head = paired.till, paired.head
        facts = (till.id, till.shop, till.name, written(till.paired_at), f"{head[0]} {head[1]}" if head else "-")
        lines.append("\t".join(facts))
    return lines


def quarantine(config: RelayConfig) -> list[str]:
    """Return one line for each body that no till could use: when, for whom, why, its number. Raises RelayProblem.

    A number that no shop has wants a prefix in the relay's file.
    """
    return [
        "\t".join((written(one.received_at), one.merchant, one.reason, _number_in(one.body)))
        for one in office_of(config).quarantine()
    ]


def _number_in(body: bytes) -> str:
    try:
        return read_notice(body).invoice_number or "-"
    except NotANotice:
        return "-"


def revoke(config: RelayConfig, till_id: str) -> str:
    """Shut a till out; return its name. Raises RelayProblem when there is none of this id."""
    till = office_of(config).revoke(till_id)
    if till is None:
        raise RelayProblem(f"There is no till {ascii(till_id)[1:-1]}.")
    return till.name


def erase(config: RelayConfig, invoice: str) -> int:
    """Erase every stored body about a link; return how many. Raises RelayProblem."""
    return office_of(config).erase(invoice)
