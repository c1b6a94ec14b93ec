"""A sandbox's feed at a pretend webhook.site, with an inbox that keeps what is taken."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from optty_desktop.api.environments import SANDBOX
from optty_desktop.api.outside_reads import OutsideReads
from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import AppError
from optty_desktop.core.hints import FeedTrouble, Hint, HintSource
from optty_desktop.hints.webhook_site import WebhookSite
from tests.api.raw_server import RawServer
from tests.fakes import FakeClock
from tests.hints.pretend_webhook_site import PretendWebhookSite


def body(number: str) -> str:
    data = {"status": "SUCCESSFUL", "metadata": {"invoiceNumber": number}, "initiator": "payment-link"}
    return json.dumps({"event": "ORDER_ASYNC_CALLBACK", "data": data})


class Inbox:
    """Keeps what is taken together with the place, as the journal does."""

    def __init__(self) -> None:
        self.hints: list[Hint] = []
        self.places: dict[HintSource, str] = {}
        self.trouble: AppError | None = None

    async def cursor(self, source: HintSource) -> str | None:
        return self.places.get(source)

    async def take(self, hints: Sequence[Hint], *, source: HintSource, cursor: str | None = None) -> object:
        if self.trouble is not None:
            raise self.trouble
        self.hints += hints
        if cursor is not None:
            self.places[source] = cursor
        return None

    @property
    def numbers(self) -> list[str | None]:
        return [hint.invoice_number for hint in self.hints]


class Room:
    """A feed at a pretend webhook.site on this computer."""

    def __init__(self) -> None:
        self.site, self.inbox = PretendWebhookSite(), Inbox()
        self.troubles: list[FeedTrouble] = []
        self._server = RawServer(self.site.script)
        self._transport = HttpTransport("test")

    async def __aenter__(self) -> Room:
        await self._server.__aenter__()
        self.feed = self.at(replace(SANDBOX, webhook_site=self.site.address))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.__aexit__(None, None, None)
        await self._transport.close()
        assert self.site.wrong == []

    def at(self, environment: Environment) -> WebhookSite:
        read = OutsideReads(self._transport, FakeClock())
        return WebhookSite(environment, self.inbox, read, lambda: 0.001, self.troubles.append, host=self._server.url)
