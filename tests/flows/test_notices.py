"""Notices in the whole program: pasted at the window, and caught at webhook.site for a sandbox."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPlainTextEdit

from optty_desktop.core.hints import HintSource
from optty_desktop.core.links import LinkState
from optty_desktop.journal.journal import SqliteJournal
from optty_desktop.ui.theme import Look
from tests.api.raw_server import RawServer
from tests.flows.counter import Counter
from tests.flows.hands import click, part, words
from tests.flows.hours import Hours
from tests.flows.service import Service
from tests.hints.pretend_webhook_site import PretendWebhookSite
from tests.waiting import until


def notice(number: str) -> str:
    data = {"status": "SUCCESSFUL", "metadata": {"invoiceNumber": number}}
    return json.dumps({"event": "ORDER_ASYNC_CALLBACK", "data": data})


async def test_a_notice_is_pasted_and_its_link_is_read(counter: Counter) -> None:
    async with counter:
        await counter.sign_in()
        number = await counter.paid()
        action = counter.window.findChild(QAction, "pasteNoticeAction")
        assert action is not None
        action.trigger()
        dialog = await counter.asked("paste")
        part(dialog, QPlainTextEdit, "noticeEdit").insertPlainText(f"From the log:\n{notice(number)}\n")
        await until(lambda: words(dialog, "confirmButton") == "Read 1 link")
        reads = len(counter.service.reads())
        click(dialog, "confirmButton")
        await until(lambda: words(dialog, "noticeHeading") == "Done")
        assert words(dialog, "noticeLine").translate({0x2066: None, 0x2069: None}) == "Order 1054: read now: Paid."
        assert len(counter.service.reads()) > reads
        click(dialog, "keepButton")
        await counter.gone(dialog)
        assert counter.link(number).state is LinkState.PAID


@asynccontextmanager
async def caught(look: Look, service: Service, hours: Hours) -> AsyncIterator[tuple[Counter, PretendWebhookSite]]:
    """A counter whose sandbox has an address at a pretend webhook.site."""
    site = PretendWebhookSite()
    async with RawServer(site.script) as server:
        yield Counter(look, service, hours, webhook_site=(site.address, server.url)), site
    assert site.wrong == []


async def taken_in(counter: Counter) -> None:
    """Wait until the feed of the session has a place that is kept."""
    journal = counter.desk._verbs.result().session.journal
    places: list[str | None] = []

    async def look() -> None:
        places.append(await journal.hint_cursor(HintSource.WEBHOOK_SITE))

    async with asyncio.TaskGroup() as group:

        def has_place() -> bool:
            group.create_task(look())
            return any(places)

        await until(has_place)


async def test_what_webhook_site_caught_is_taken_in_as_long_as_somebody_is_signed_in(
    look: Look, service: Service, hours: Hours
) -> None:
    async with caught(look, service, hours) as (counter, site):
        site.catch(notice("OTHER-9"))
        async with counter:
            assert site.calls == []
            await counter.sign_in()
            await until(lambda: site.calls)
            await taken_in(counter)
            await counter.sign_out()
            calls = len(site.calls)
        assert len(site.calls) == calls
        journal = await SqliteJournal.open(counter.paths.journal_folder, "sandbox")
        place = await journal.hint_cursor(HintSource.WEBHOOK_SITE)
        await journal.close()
        assert place is not None
        assert place.startswith(site.token)


async def test_an_address_that_has_expired_is_said_and_work_goes_on(look: Look, service: Service, hours: Hours) -> None:
    async with caught(look, service, hours) as (counter, site):
        site.is_gone = True
        async with counter:
            await counter.sign_in()
            await until(lambda: counter.says("statusBannerText").startswith("webhook.site does not know"))
            await counter.becomes(await counter.create(), LinkState.PENDING)
