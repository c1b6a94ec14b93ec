"""Follows an address at webhook.site, which Optty's guide names for tests: what it caught becomes hints. Sandbox only.

The list is ``GET /token/{id}/requests`` with ``sorting=oldest``, ``per_page`` to 100 and ``date_from``; 120 calls a
minute are allowed (docs.webhook.site, API Endpoints, Requests). Whoever knows the address can read it and can send to
it: what comes from here is a hint like any other, and customers in it are pretend ones.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol
from urllib.parse import urlencode

from optty_desktop.api.notifications import NotANotice, read_notice
from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import AppError, OutcomeUnknown, Refused, TooManyRequests, Trouble
from optty_desktop.core.hints import Hint, HintSource
from optty_desktop.core.ports import OutsideRead
from optty_desktop.core.profile_rules import check_feed

log = logging.getLogger(__name__)

HOST: Final = "https://webhook.site"
POLL_SECONDS: Final = 5.0
LONGEST_PAUSE: Final = 300.0
PAGE_LENGTH: Final = 50
MOST_PAGES: Final = 10
"""Pages read in one round; what is left comes with the next."""

_TEMPLATE: Final = "/token/{id}/requests"
_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME: Final = "%Y-%m-%d %H:%M:%S"


class Take(Protocol):
    """Where hints go: ``till.take_hints.TakeHints``."""

    async def cursor(self, source: HintSource) -> str | None: ...
    async def take(self, hints: Sequence[Hint], *, source: HintSource, cursor: str | None = None) -> object: ...


@dataclass(frozen=True, slots=True)
class _Caught:
    """One request that was caught: its id, when (UTC), and its body."""

    id: str
    at: datetime
    body: str

    @property
    def place(self) -> str:
        """As a cursor."""
        return f"{self.at:{_TIME}} {self.id}"


class WebhookSite:
    """Polls until it is cancelled. A new address begins at its oldest request, a known one behind the last one taken.

    ``on_refused`` is told once when webhook.site says no, as it does for an address that has expired; polling goes on,
    rarely.
    """

    def __init__(
        self,
        environment: Environment,
        take: Take,
        read: OutsideRead,
        jitter: Callable[[], float],
        on_refused: Callable[[], None],
        *,
        host: str = HOST,
    ) -> None:
        """Raises RuleBroken for an environment that is no sandbox, and ValueError for one that has no such address."""
        check_feed(environment)
        if environment.webhook_site is None:
            raise ValueError("no webhook_site")
        self._id = environment.webhook_site.rpartition("/")[2]
        self._take, self._read, self._jitter, self._on_refused = take, read, jitter, on_refused
        self._host = host
        self._failures = 0
        self._is_refused = False

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
        self._is_refused = False
        return POLL_SECONDS

    async def take_new(self) -> None:
        """Take in what was caught since the last time, page by page. Raises what the read and the journal raise."""
        cursor = self._own(await self._take.cursor(HintSource.WEBHOOK_SITE))
        since = cursor
        for page in range(1, MOST_PAGES + 1):
            caught, is_last = _listed(await self._read(self._url(page, since), template=_TEMPLATE))
            new = _behind(caught, cursor)
            if new:
                cursor = new[-1].place
                hints = [hint for one in new if (hint := _hint(one)) is not None]
                await self._take.take(hints, source=HintSource.WEBHOOK_SITE, cursor=f"{self._id} {cursor}")
            if is_last:
                return

    def _own(self, cursor: str | None) -> str | None:
        """Return the place in this address: another one begins anew."""
        owner, _, place = (cursor or "").partition(" ")
        return place if owner == self._id and place else None

    def _url(self, page: int, since: str | None) -> str:
        query: dict[str, str | int] = {"sorting": "oldest", "per_page": PAGE_LENGTH, "page": page}
        if since is not None:
            query["date_from"] = since.rpartition(" ")[0]
        return f"{self._host}/token/{self._id}/requests?{urlencode(query)}"

    def pause_after(self, error: AppError) -> float:
        """Count a failure and return the seconds to wait after it, without the jitter."""
        self._failures += 1
        log.info("webhook.site: %s", error)
        pause = min(LONGEST_PAUSE, POLL_SECONDS * 2.0 ** min(self._failures, 10))
        if isinstance(error, TooManyRequests):
            return max(pause, error.retry_after or 0.0)
        if isinstance(error, Refused):
            if not self._is_refused:
                self._is_refused = True
                self._on_refused()
            return LONGEST_PAUSE
        return pause


def _behind(caught: Sequence[_Caught], cursor: str | None) -> Sequence[_Caught]:
    """Return what stands behind the cursor; all of it where the request at the cursor is not listed any more."""
    places = [one.place for one in caught]
    return caught[places.index(cursor) + 1 :] if cursor in places else caught


def _hint(caught: _Caught) -> Hint | None:
    try:
        notice = read_notice(caught.body.encode("utf-8", "surrogatepass"))
    except NotANotice:
        return None
    return Hint(HintSource.WEBHOOK_SITE, notice.invoice_number, notice.order_reference, caught.at)


def _listed(page: Mapping[str, object]) -> tuple[list[_Caught], bool]:
    """Return the requests of a page, and whether it is the last. Raises OutcomeUnknown for another answer."""
    data, is_last = page.get("data"), page.get("is_last_page")
    if not isinstance(data, list) or not isinstance(is_last, bool):
        raise OutcomeUnknown(Trouble.BAD_ANSWER)
    return [_caught(item) for item in data], is_last or not data


def _caught(item: object) -> _Caught:
    if not isinstance(item, dict):
        raise OutcomeUnknown(Trouble.BAD_ANSWER)
    name, created, content = item.get("uuid"), item.get("created_at"), item.get("content")
    if not isinstance(name, str) or not _ID.fullmatch(name) or not isinstance(created, str):
        raise OutcomeUnknown(Trouble.BAD_ANSWER)
    try:
        at = datetime.strptime(created, _TIME).replace(tzinfo=UTC)
    except ValueError as error:
        raise OutcomeUnknown(Trouble.BAD_ANSWER) from error
    return _Caught(name, at, content if isinstance(content, str) else "")
