"""A till in a process of its own: creates, refunds or cancels with a point armed, or takes up what a death left open.

Started once; each job that comes in as a line of JSON is done by a fork of it, because imports cost more than the job.
A job ends with the line of its result, if it lived to tell one, and with the line of its end.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import secrets
import ssl
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from optty_desktop.api.environments import training_environment
from optty_desktop.core.drafts import LinkDraft
from optty_desktop.core.environments import Credentials
from optty_desktop.core.errors import AppError
from optty_desktop.core.links import LinkState
from optty_desktop.core.money import Money
from optty_desktop.core.operations import OperationKind
from optty_desktop.journal.database import Database
from optty_desktop.journal.opening import JournalFile
from optty_desktop.system.clock import SystemClock
from optty_desktop.till.cancel_or_refund import Approval, CancelOrRefund
from optty_desktop.till.create_link import CreateLink
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.session import Session, TillIdentity
from tests.faults.crash.points import PointedGateway, PointedJournal, PointedTransport, Points
from tests.faults.model import wanted

LOADED_LATE = ("anyio._backends._asyncio", "encodings.idna", "httpcore._async.connection", "sqlite3.dbapi2")

PAID, DECLINED = 18275, 18205
"""Minor units: what the practice customer pays at once, and what its card is declined for."""


class Ahead(SystemClock):
    """This computer's clock, moved on by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return super().monotonic() + self.seconds


class Till:
    """One process's session over the journal in ``folder``."""

    def __init__(self, job: Mapping[str, str]) -> None:
        self.points, self.clock, self._job = Points(), Ahead(), job
        self.transport = PointedTransport("test", ssl_context=lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        self.transport.points = self.points

    async def open(self) -> Session:
        """Open the record and start the session; no point is armed yet."""
        file = JournalFile(Path(self._job["folder"]) / "training.journal", "training")
        journal = PointedJournal(await Database.open(file))
        journal.points = self.points
        credentials = Credentials(self._job["id"], self._job["secret"])
        gateway = PointedGateway(training_environment(self._job["url"]), credentials, self.transport, self.clock)
        gateway.points = self.points
        identity = TillIdentity("Corner Store", "Till 2", "T2", "Cashier 1")
        return Session(gateway, journal, identity, self.clock, secrets.token_bytes)

    def arm(self) -> None:
        """From here on the point of this job kills."""
        self.points.armed = self._job.get("point")

    async def close(self, session: Session) -> None:
        await session.close()
        await self.transport.close()


def a_draft(minor: int) -> LinkDraft:
    due_at = datetime.now(UTC) + timedelta(days=1)
    return LinkDraft(Money(minor, "USD"), "guest54@example.com", "+12025550154", due_at, "Gift set", "Order 1054")


async def create(till: Till, session: Session) -> None:
    """Make a link; the last point is the link on the screen."""
    till.arm()
    await CreateLink(session, str).create(a_draft(PAID))
    till.points.reach("shown")


async def money(till: Till, session: Session, minor: int) -> None:
    """Make a link that is paid or declined at once, then pay it back or cancel it."""
    number = (await CreateLink(session, str).create(a_draft(minor))).invoice_number
    assert isinstance(session.gateway, PointedGateway)
    session.gateway.reads = 0
    till.arm()
    await act(till, session, number)
    with suppress(AppError):
        await FollowStatus(session, lambda _line: None, lambda: 1.0).check(number)
    till.points.reach("settled")


async def act(till: Till, session: Session, number: str) -> None:
    """What a person does who wants the link gone; thinking takes long enough for a second look."""
    verb = CancelOrRefund(session)
    with suppress(AppError):
        look = await verb.look(number)
        kind = wanted(look.link)
        if kind is None:
            return
        till.points.reach("approved")
        till.clock.seconds += 4
        amount = look.link.amount if kind is OperationKind.CANCEL else look.link.refundable
        await verb.carry_out(Approval(kind, look, amount, "Customer returned goods"))


async def settle(till: Till, session: Session) -> None:
    """Take up, read, wait ten minutes, read again; repeat unanswered creates; a person still wants money links gone."""
    follow = FollowStatus(session, lambda _line: None, lambda: 1.0)
    await follow.take_up()
    for operation in await session.journal.open_operations():
        if operation.kind is OperationKind.CREATE:
            with suppress(AppError):
                await CreateLink(session, str).repeat(operation.invoice_number)
    for link in await session.journal.links():
        session.book.put(link)
        with suppress(AppError):
            await follow.check(link.invoice_number)
        till.clock.seconds += 601
        with suppress(AppError):
            await follow.check(link.invoice_number)
        if till._job["job"] != "create":
            await act(till, session, link.invoice_number)
            with suppress(AppError):
                await follow.check(link.invoice_number)


async def send_again(_till: Till, session: Session) -> None:
    """What must never be done: send every open operation once more."""
    for operation in await session.journal.open_operations():
        with suppress(AppError):
            await session.gateway.cancel_or_refund(operation.invoice_number)


async def report(session: Session) -> None:
    """Say what the record and the screen hold."""
    links = await session.journal.links()
    rows = {link.invoice_number: (session.book.find(link.invoice_number) or link).state for link in links}
    operations = [one for link in links for one in await session.journal.operations(link.invoice_number)]
    say(
        {
            "rows": rows,
            "operations": [[one.kind, one.stage, one.invoice_number] for one in operations],
            "silent": [one.invoice_number for one in operations if one.is_open and not _is_shown(rows, one)],
        }
    )


def _is_shown(rows: Mapping[str, LinkState], operation: object) -> bool:
    return rows[getattr(operation, "invoice_number", "")] is LinkState.UNKNOWN


async def work(job: Mapping[str, str]) -> None:
    """Do one job."""
    till = Till(job)
    session = await till.open()
    match job["step"], job["job"]:
        case "live", "create":
            await create(till, session)
        case "live", "refund":
            await money(till, session, PAID)
        case "live", "cancel":
            await money(till, session, DECLINED)
        case "settle", _:
            await settle(till, session)
        case "send again", _:
            await send_again(till, session)
    await report(session)
    await till.close(session)


def say(value: object) -> None:
    os.write(1, (json.dumps(value) + "\n").encode())


def child(job: Mapping[str, str]) -> None:
    """Live and end as a fork; never return."""
    code = 1
    try:
        asyncio.run(work(job))
        code = 0
    except BaseException:  # noqa: BLE001  a fork must never go on as its parent
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Fork for each line that comes in."""
    for name in LOADED_LATE:
        importlib.import_module(name)
    say("ready")
    while line := sys.stdin.readline():
        pid = os.fork()
        if pid == 0:
            child(json.loads(line))
        say({"ended": os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])})


if __name__ == "__main__":
    main()
