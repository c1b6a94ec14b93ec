"""Access tokens of one merchant in one environment (source: docs.optty.com, Create Access Token and API Scopes)."""

import asyncio
import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal
from urllib.parse import urlencode, urlsplit

from optty_desktop.api.answers import accepted_object, bad_answer, failure, messages_of
from optty_desktop.api.exchange import Answer, CallKind
from optty_desktop.api.strict_json import Json
from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.environments import Credentials, Environment
from optty_desktop.core.errors import AppError, Refused, ScopeRefused, SignInRefused
from optty_desktop.core.ports import Clock

Scope = Literal["merchant", "api-user"]
"""``merchant`` makes, cancels and refunds links; ``api-user`` reads and refunds orders."""

TOKEN_SECONDS: Final = 10.0
"""Deadline of a token call. It moves nothing, so a slow answer is better asked for again."""

_USED_LIFE: Final = 0.8
_LIFE_WITHOUT_A_WORD: Final = 300
_LONGEST_LIFE: Final = 7 * 86400
_TOKEN: Final = re.compile(r"[!-~]{1,16384}")  # visible ASCII: it becomes part of a header


@dataclass(slots=True)
class _Slot:
    """The token of one scope. ``round`` counts finished token calls, ``failure`` is how the last one ended."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    token: str = ""
    renew_at: float = 0.0
    round: int = 0
    failure: AppError | None = None


class Tokens:
    """Keeps one token a scope in memory and fetches each once, however many callers wait for it."""

    def __init__(
        self, environment: Environment, credentials: Credentials, transport: HttpTransport, clock: Clock
    ) -> None:
        self._environment = environment
        self._credentials = credentials
        self._transport = transport
        self._clock = clock
        self._slots: defaultdict[Scope, _Slot] = defaultdict(_Slot)

    async def token(self, scope: Scope) -> str:
        """Return a token that has at least a fifth of its life left.

        Raises NotSent, OutcomeUnknown, SignInRefused or another Refused. Callers that waited for the same token call
        share its failure instead of repeating it.
        """
        slot = self._slots[scope]
        if self._is_fresh(slot):
            return slot.token
        seen = slot.round
        async with slot.lock:
            if self._is_fresh(slot):
                return slot.token
            if slot.round != seen and slot.failure is not None:
                raise slot.failure
            return await self._renew(slot, scope)

    async def fetch(self, scope: Scope) -> None:
        """Fetch a new token now, also when there is one: the proof that id and secret are accepted."""
        slot = self._slots[scope]
        async with slot.lock:
            await self._renew(slot, scope)

    def invalidate(self, token: str) -> None:
        """Forget this token: it was refused. A newer one stays."""
        for slot in self._slots.values():
            if slot.token == token:
                slot.token = ""

    def forget(self) -> None:
        """Forget all tokens."""
        for slot in self._slots.values():
            slot.token = ""

    def _is_fresh(self, slot: _Slot) -> bool:
        return bool(slot.token) and self._clock.monotonic() < slot.renew_at

    async def _renew(self, slot: _Slot, scope: Scope) -> str:
        asked_at = self._clock.monotonic()
        slot.failure = None
        try:
            answer = await self._ask(scope)
            token, life = self._read(answer)
        except AppError as error:
            slot.failure = error
            raise
        else:
            slot.token, slot.renew_at = token, asked_at + life * _USED_LIFE
            return token
        finally:
            slot.round += 1

    async def _ask(self, scope: Scope) -> Answer:
        form = {
            "client_id": self._credentials.client_id,
            "client_secret": self._credentials.client_secret,
            "grant_type": "client_credentials",
            "scope": scope,
        }
        return await self._transport.send(
            "POST",
            self._environment.token_url,
            template=urlsplit(self._environment.token_url).path,
            headers={"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"},
            content=urlencode(form).encode("ascii"),
            kind=CallKind.TOKEN,
            deadline=TOKEN_SECONDS,
        )

    def _read(self, answer: Answer) -> tuple[str, float]:
        if answer.status in (400, 401, 403, 422):
            raise _sign_in_refusal(answer)
        if answer.status >= 300:
            raise failure(answer, self._clock.now())
        document = accepted_object(answer, self._clock.now())
        token = document.get("access_token")
        if token is None and "message" in document:
            raise _sign_in_refusal(answer)  # the service's own shop plugin takes this for a refusal too
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise bad_answer(answer)
        return token, _life(document.get("expires_in"))


def _sign_in_refusal(answer: Answer) -> Refused:
    messages = messages_of(answer)
    is_scope = answer.status == 403 or any("scope" in message.lower() for message in messages)
    kind = ScopeRefused if is_scope else SignInRefused
    return kind(answer.status, messages, details=answer.details)


def _life(expires_in: Json) -> float:
    if isinstance(expires_in, str) and re.fullmatch(r"[0-9]{1,9}", expires_in):
        expires_in = int(expires_in)
    if isinstance(expires_in, bool) or not isinstance(expires_in, int | Decimal) or expires_in <= 0:
        return _LIFE_WITHOUT_A_WORD
    return float(min(expires_in, _LONGEST_LIFE))
