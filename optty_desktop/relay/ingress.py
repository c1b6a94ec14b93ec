"""The webhook address of each merchant: 200 means stored, and nothing is answered 200 that is not.

Optty signs nothing, so the address itself is the secret. A wrong one and an unknown merchant look the same.
"""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from optty_desktop.api.notifications import NotANotice, Notice, read_notice
from optty_desktop.relay import event_log
from optty_desktop.relay.allowance import Allowance
from optty_desktop.relay.config import Merchant, RelayConfig
from optty_desktop.relay.engine import Engine
from optty_desktop.relay.exchange import Refused, answer, body_of
from optty_desktop.relay.figures import Figures, Notices
from optty_desktop.relay.inbox import Arrival, Taken
from optty_desktop.relay.moments import SECOND, stamp
from optty_desktop.relay.problems import StoreUnavailable

PATH: Final = "/h/{merchant}/{secret}"
_RECEIVED: Final = {"received": True}


class Doors:
    """Who may come in where."""

    def __init__(self, merchants: Iterable[Merchant]) -> None:
        self._doors = [(_digest(merchant.id, one), merchant) for merchant in merchants for one in merchant.secrets]

    def merchant(self, merchant_id: str, secret: str) -> Merchant | None:
        """Return the merchant of this address.

        Digests are compared, and all of them: the time tells nothing of a secret, nor whose it would be.
        """
        given = _digest(merchant_id, secret)
        found = [merchant for digest, merchant in self._doors if hmac.compare_digest(digest, given)]
        return found[0] if found else None


class Ingress:
    """Takes notices in."""

    def __init__(self, config: RelayConfig, store: Engine, figures: Figures) -> None:
        self._store = store
        self._figures = figures
        self._most_bytes = config.limits.body_bytes
        self._doors = Doors(config.merchants.values())
        self._allowances = {name: Allowance(config.limits.notices_per_second) for name in config.merchants}

    async def receive(self, request: Request) -> Response:
        """``POST /h/{merchant}/{secret}``."""
        merchant = self._merchant(request)
        body = await self._body(request, merchant)
        arrival = Arrival(merchant.id, body, stamp(self._store.now()))
        try:
            await self._store_notice(merchant, arrival)
        except StoreUnavailable as problem:
            self._tell_failing(problem)
            raise
        self._figures.is_store_failing = False
        self._figures.last_notice_at = arrival.received_at // SECOND
        return answer(_RECEIVED)

    def _merchant(self, request: Request) -> Merchant:
        merchant = self._doors.merchant(request.path_params["merchant"], request.path_params["secret"])
        if merchant is None:
            self._figures.notices[Notices.WRONG_ADDRESS] += 1
            raise Refused(404, "There is nothing here.", connection="close")
        return merchant

    async def _body(self, request: Request, merchant: Merchant) -> bytes:
        if not self._allowances[merchant.id].take():
            self._figures.notices[Notices.TOO_MANY] += 1
            raise Refused(429, "Too many notices at once.", retry_after="1", connection="close")
        try:
            return await body_of(request, self._most_bytes)
        except ClientDisconnect:
            self._figures.notices[Notices.CUT] += 1
            raise
        except Refused as refusal:
            self._figures.notices[Notices.TOO_LARGE if refusal.status == 413 else Notices.CUT] += 1
            raise

    async def _store_notice(self, merchant: Merchant, arrival: Arrival) -> None:
        try:
            notice = read_notice(arrival.body)
        except NotANotice as reason:
            await self._set_aside(arrival, str(reason), Notices.UNREADABLE)
            return
        shop = merchant.shop_of(notice.invoice_number) if notice.invoice_number else None
        if shop is None or notice.invoice_number is None:
            reason_text = "no shop has this number" if notice.invoice_number else "no invoice number"
            await self._set_aside(arrival, reason_text, Notices.UNROUTED)
            return
        order = notice.order_reference or ""
        self._tell(await self._store.take_in(arrival, shop.key, notice.invoice_number, order), shop.key, notice)

    def _tell(self, taken: Taken, shop: str, notice: Notice) -> None:
        self._figures.notices[Notices.STORED if taken.is_new else Notices.REPEATED] += 1
        if taken.is_new and taken.seq is not None:
            event_log.note("hint", shop=shop, seq=taken.seq, kind=notice.kind.value)

    def _tell_failing(self, problem: StoreUnavailable) -> None:
        """Count a notice that could not be stored, and ring the alarm when that begins."""
        self._figures.notices[Notices.NOT_STORED] += 1
        if not self._figures.is_store_failing:
            event_log.alarm("notices are not stored", error=event_log.places(problem.__cause__ or problem))
        self._figures.is_store_failing = True

    async def _set_aside(self, arrival: Arrival, reason: str, counted: Notices) -> None:
        taken = await self._store.set_aside(arrival, reason)
        self._figures.notices[counted] += 1
        if taken.is_new:
            event_log.alarm("quarantine", merchant=arrival.merchant, reason=reason, bytes=len(arrival.body))


def _digest(merchant: str, secret: str) -> bytes:
    return hashlib.sha256(f"{merchant}\n{secret}".encode()).digest()
