"""Follows an address at webhook.site, which Optty's guide names for tests: what it caught becomes hints. Sandbox only.

The list is ``GET /token/{id}/requests`` with ``sorting=oldest``, ``per_page`` to 100 and ``date_from``; 120 calls a
minute are allowed (docs.webhook.site, API Endpoints, Requests). Whoever knows the address can read it and can send to
it: what comes from here is a hint like any other, and customers in it are pretend ones.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final, Protocol
from urllib.parse import urlencode

from optty_desktop.api.notifications import NotANotice, read_notice
from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import AppError, OutcomeUnknown, Refused, TooManyRequests, Trouble
from optty_desktop.core.hints import FeedTrouble, Hint, HintSource
from optty_desktop.core.ports import OutsideRead
from optty_desktop.core.profile_rules import check_feed
from optty_desktop.hints.webhook_list import Caught, Page, Walk, read_page, second_of

log = logging.getLogger(__name__)

HOST: Final = "https://webhook.site"
POLL_SECONDS: Final = 5.0
LONGEST_PAUSE: Final = 300.0
MOST_PAGES: Final = 10
"""Pages asked for in one round; what is left comes with the next."""
FAILURES_TO_TELL: Final = 4
"""Answers in a row that could not be used before staff hear of it: about a minute."""

_TEMPLATE: Final = "/token/{id}/requests"
_ANSWERED: Final = frozenset(
    {Trouble.BAD_ANSWER, Trouble.NOT_JSON, Trouble.REDIRECT, Trouble.SERVER, Trouble.TOO_LARGE}
)
"""Somebody is there and his answer cannot be used; that this computer is offline is said elsewhere."""


class Take(Protocol):
    """Where hints go: ``till.take_hints.TakeHints``."""

    async def cursor(self, source: HintSource) -> str | None: ...
    async def take(self, hints: Sequence[Hint], *, source: HintSource, cursor: str | None = None) -> object: ...


class WebhookSite:
    """Polls until it is cancelled. A new address begins at its oldest request, a known one behind the last one taken.

    ``on_trouble`` is told once, until it works again, when nothing can be taken: webhook.site says no, as it does for
    an address that has expired, or its answers cannot be used. Polling goes on, rarely.
    """

    def __init__(
        self,
        environment: Environment,
        take: Take,
        read: OutsideRead,
        jitter: Callable[[], float],
        on_trouble: Callable[[FeedTrouble], None],
        *,
        host: str = HOST,
    ) -> None:
        """Raises RuleBroken for an environment that is no sandbox, and ValueError for one that has no such address."""
        check_feed(environment)
        if environment.webhook_site is None:
            raise ValueError("no webhook_site")
        self._id = environment.webhook_site.rpartition("/")[2]
        self._take, self._read, self._jitter, self._on_trouble = take, read, jitter, on_trouble
        self._host = host
        self._failures = 0
        self._told: FeedTrouble | None = None
        self._walk = Walk(None)

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            pause = await self._round()
            await asyncio.sleep(pause * self._jitter())

    async def _round(self) -> float:
        """Take what is new. Returns the seconds until the next round; no failure ends the feed."""
        try:
            await self.take_new()
        except AppError as error:
            return self.pause_after(error)
        self._failures = 0
        self._told = None
        return POLL_SECONDS

    async def take_new(self) -> None:
        """Take in what was caught since the last time, page by page. Raises what the read and the journal raise."""
        walk = self._walk_from(self._own(await self._take.cursor(HintSource.WEBHOOK_SITE)))
        for _ in range(MOST_PAGES):
            page = await self._page(walk)
            if page is None:
                walk.too_large()
                continue
            if new := walk.seen(page):
                hints = [hint for one in new if (hint := _hint(one)) is not None]
                await self._take.take(hints, source=HintSource.WEBHOOK_SITE, cursor=f"{self._id} {walk.cursor}")
            if walk.is_at_end:
                return

    def _walk_from(self, cursor: str | None) -> Walk:
        """Go on where the last round stopped, unless what it took was not kept or is in a later second."""
        if (self._walk.cursor, self._walk.since) != (cursor, second_of(cursor)):
            self._walk = Walk(cursor)
        return self._walk

    async def _page(self, walk: Walk) -> Page | None:
        """Return the page that comes next; None for one that is larger than an answer may be."""
        try:
            return read_page(await self._read(self._url(walk), template=_TEMPLATE))
        except OutcomeUnknown as error:
            if error.trouble is not Trouble.TOO_LARGE:
                raise
            log.info("webhook.site: page %d of %d requests is too large", walk.number, walk.length)
            return None

    def _own(self, cursor: str | None) -> str | None:
        """Return the place in this address: another one begins anew."""
        owner, _, place = (cursor or "").partition(" ")
        return place if owner == self._id and place else None

    def _url(self, walk: Walk) -> str:
        query: dict[str, str | int] = {"sorting": "oldest", "per_page": walk.length, "page": walk.number}
        if walk.since is not None:
            query["date_from"] = walk.since
        return f"{self._host}/token/{self._id}/requests?{urlencode(query)}"

    def pause_after(self, error: AppError) -> float:
        """Count a failure and return the seconds to wait after it, without the jitter."""
        self._failures += 1
        log.info("webhook.site: %s", error)
        pause = min(LONGEST_PAUSE, POLL_SECONDS * 2.0 ** min(self._failures, 10))
        if isinstance(error, TooManyRequests):
            return max(pause, error.retry_after or 0.0)
        if isinstance(error, Refused):
            self._tell(FeedTrouble.REFUSED)
            return LONGEST_PAUSE
        if isinstance(error, OutcomeUnknown) and error.trouble in _ANSWERED and self._failures >= FAILURES_TO_TELL:
            self._tell(FeedTrouble.UNUSABLE)
        return pause

    def _tell(self, trouble: FeedTrouble) -> None:
        if trouble is not self._told:
            self._told = trouble
            self._on_trouble(trouble)


def _hint(caught: Caught) -> Hint | None:
    try:
        notice = read_notice(caught.body.encode("utf-8", "surrogatepass"))
    except NotANotice:
        return None
    return Hint(HintSource.WEBHOOK_SITE, notice.invoice_number, notice.order_reference, caught.at)
