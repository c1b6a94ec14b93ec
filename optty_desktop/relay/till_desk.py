"""What tills ask for besides hints: pairing, a new token, where the stream ends, leases, and to leave audit heads."""

import json
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from optty_desktop.api.notifications import LONGEST_NAME, NotANotice, read_notice
from optty_desktop.relay import audit_heads, event_log, tills
from optty_desktop.relay.allowance import Allowance
from optty_desktop.relay.config import RelayConfig
from optty_desktop.relay.engine import Engine, place
from optty_desktop.relay.exchange import Refused, answer, object_of, token_of
from optty_desktop.relay.feed import Ends
from optty_desktop.relay.figures import Figures
from optty_desktop.relay.moments import SECOND, stamp, written
from optty_desktop.relay.problems import OtherEnvironment
from optty_desktop.relay.seals import shared_secret, signed_message
from optty_desktop.relay.tills import Till

_CODES_PER_SECOND: Final = 5
_LONGEST_CODE: Final = 40
_LARGEST_SEQ: Final = 10**18


class TillDesk:
    """Handlers of the short requests under ``/v1``."""

    def __init__(self, config: RelayConfig, store: Engine, figures: Figures) -> None:
        self._config = config
        self._store = store
        self._figures = figures
        self._codes = Allowance(_CODES_PER_SECOND)

    async def pair(self, request: Request) -> Response:
        """``POST /v1/pair`` with ``code``: the till's name, token and signing key, and where its stream begins.

        With ``environment``, the words by which the till calls its own: 409 where none is that of the code's shop. The
        code is not used up then, and no till replaced.
        """
        if not self._codes.take():
            raise Refused(429, "Too many pairing codes at once. Wait a moment.", retry_after="1")
        asked = await object_of(request)
        code, environments = asked.get("code"), asked.get("environment")
        if not isinstance(code, str) or len(code) > _LONGEST_CODE or not code.isascii():
            raise Refused(400, "code must be the pairing code.")
        if environments is not None and not isinstance(environments, list):
            raise Refused(400, "environment must be a list of names.")

        def check(shop: str) -> None:
            if environments is not None and self._environment(shop) not in environments:
                raise OtherEnvironment(self._environment(shop))

        paired = await self._store.pair(code, check)
        if paired is None:
            self._figures.codes_refused += 1
            event_log.alarm("pairing refused", reason="wrong, used or too old")
            raise Refused(403, tills.WRONG_CODE)
        till, token = paired
        event_log.note("till paired", till=till.id, shop=till.shop)
        facts = {"token": token, "signing_key": shared_secret(self._store.seals.signing_key(till.id))}
        return answer({**facts, "name": till.name, **self._head(till, await self._store.ends(till.shop))})

    async def renew(self, request: Request) -> Response:
        """``POST /v1/renew``: a new token. The old one works until the new one is used."""
        return answer({"token": await self._store.renew(token_of(request))})

    async def head(self, request: Request) -> Response:
        """``GET /v1/head``: where the stream ends, and whether the token should be renewed."""
        till = await self._store.admitted(token_of(request))
        return answer(self._head(till, await self._store.ends(till.shop)))

    async def report(self, request: Request) -> Response:
        """``GET /v1/events/{seq}``: what the notice behind a hint calls itself and its link, sealed like the hint.

        For tills whose account may not read orders. No amount and no person; 404 where the notice is not kept any more.
        """
        token, seq = token_of(request), request.path_params["seq"]
        till = await self._store.admitted(token)
        body = await self._store.body(token, seq) if 0 < seq <= _LARGEST_SEQ else b""
        try:
            notice = read_notice(body)
        except NotANotice:
            raise Refused(404, "This notice is not kept.") from None
        facts = {"report": seq, "invoice": notice.invoice_number, "kind": notice.kind.value, "status": notice.status}
        seconds = stamp(self._store.now()) // SECOND
        key = self._store.seals.signing_key(till.id)
        return answer(signed_message(key, f"report-{seq}", seconds, json.dumps(facts)))

    async def take_lease(self, request: Request) -> Response:
        """``PUT /v1/lease/{invoice}``: 120 seconds, or 409 with the seconds that another till still has."""
        invoice = _invoice(request)
        seconds = await self._store.take_lease(token_of(request), invoice)
        return answer({"invoice": invoice, "expires_in": seconds})

    async def give_lease_back(self, request: Request) -> Response:
        """``DELETE /v1/lease/{invoice}``."""
        invoice = _invoice(request)
        await self._store.give_lease_back(token_of(request), invoice)
        return answer({"invoice": invoice, "expires_in": 0})

    async def add_head(self, request: Request) -> Response:
        """``POST /v1/heads`` with ``position`` and ``digest`` of the till's audit record."""
        token = token_of(request)
        await self._store.admitted(token)
        document = await object_of(request)
        position, digest = document.get("position"), document.get("digest")
        if isinstance(position, bool) or not isinstance(position, int):
            raise Refused(400, "position must be a whole number.")
        if not 0 <= position <= audit_heads.LARGEST_POSITION or not audit_heads.is_digest(digest):
            raise Refused(400, "position must not be negative, and digest 64 small hexadecimal digits.")
        await self._store.add_head(token, position, str(digest))
        return answer({"position": position})

    def _head(self, till: Till, ends: Ends) -> dict[str, Any]:
        return {
            "till": till.id,
            "shop": till.shop,
            "environment": self._environment(till.shop),
            **place(self._store, till.shop, ends),
            "renew": tills.is_renewal_due(till, self._now()),
            "now": written(self._now()),
        }

    def _environment(self, shop_key: str) -> str:
        shop = self._config.shop(shop_key)
        return self._config.merchants[shop.merchant].environment if shop else ""

    def _now(self) -> int:
        return stamp(self._store.now())


def _invoice(request: Request) -> str:
    invoice: str = request.path_params["invoice"]
    if not 1 <= len(invoice) <= LONGEST_NAME or not invoice.isprintable():
        raise Refused(400, "An invoice number is needed.")
    return invoice
